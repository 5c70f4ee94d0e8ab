select * from {{ ref('daily') }} where vehicles < 0
