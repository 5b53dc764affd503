-- Names in templates that nothing knows.
select
    names.unknown_name,
    names.template,
    names.column_name,
    names.line_count,
    files.path
from quality.fct_unknown_names as names
left join meta.files as files on names.first_file_id = files.file_id
order by names.line_count desc, names.template, names.column_name, names.unknown_name
