{#- What stands before a parameter of a URL, as a pattern: also where an e-mail's HTML was escaped once
    more on its way, &amp; or &#38;, and the semicolon of that encoded. -#}
{% macro url_separator() -%}
[?&](?:amp(?:;|%3[Bb])|#0*38;|#[Xx]26;)*
{%- endmacro %}
