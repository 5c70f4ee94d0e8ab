{{ config(materialized='view') }}

select road, max(vehicles) as vehicles from {{ ref('daily') }} group by road
