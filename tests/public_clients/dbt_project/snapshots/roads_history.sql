{% snapshot roads_history %}
{{ config(target_schema=env_var('DATABASE'), unique_key='id', strategy='check', check_cols=['road']) }}
select id, road from {{ ref('sites') }}
{% endsnapshot %}
