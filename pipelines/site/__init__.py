"""The site: pages over the release that readers see, to be opened from disk.

What a page shows is in dashboards/pages, and in the folder `pages` of a company's own rules: a
query a figure and a template a page. Here is what finds, renders and puts them in place; no rule
of the business lives here, and no figure that a mart does not hold.
"""

from pipelines.site.build import Site, build_site, site_index, try_site

__all__ = ["Site", "build_site", "site_index", "try_site"]
