-- What the suites bronze/cross_events_campaigns and silver/cross_events_campaigns run on.
-- It reads: marketing_events, marketing_campaigns. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_events_campaigns --views --dialect postgres
WITH rates AS (
  SELECT
    CAST(0.01 AS DOUBLE) AS marketing_events_campaign_id_orphan
),
typed_marketing_events AS (
  SELECT
    TRY_CAST(event_id AS VARCHAR) AS event_id,
    TRY_CAST(campaign_id AS VARCHAR) AS campaign_id,
    TRY_CAST(event_date AS TIMESTAMP) AS event_date,
    TRY_CAST(event_type AS VARCHAR) AS event_type,
    TRY_CAST(user_id AS VARCHAR) AS user_id,
    TRY_CAST(cost AS DECIMAL(10,4)) AS cost,
    TRY_CAST(revenue AS DECIMAL(10,2)) AS revenue,
    TRY_CAST(device_type AS VARCHAR) AS device_type,
    TRY_CAST(browser AS VARCHAR) AS browser,
    TRY_CAST(location AS VARCHAR) AS location
  FROM marketing_events
),
typed_marketing_campaigns AS (
  SELECT
    TRY_CAST(campaign_id AS VARCHAR) AS campaign_id,
    TRY_CAST(campaign_name AS VARCHAR) AS campaign_name,
    TRY_CAST(channel AS VARCHAR) AS channel,
    TRY_CAST(start_date AS DATE) AS start_date,
    TRY_CAST(end_date AS DATE) AS end_date,
    TRY_CAST(budget AS DECIMAL(12,2)) AS budget,
    TRY_CAST(target_audience AS VARCHAR) AS target_audience,
    TRY_CAST(objective AS VARCHAR) AS objective,
    TRY_CAST(status AS VARCHAR) AS status,
    TRY_CAST(owner AS VARCHAR) AS owner
  FROM marketing_campaigns
),
ids_by_shard AS (
  SELECT shard, count(*) AS shard_rows,
    max(number) - shard * 500000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(event_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(event_id, '-', 2) AS BIGINT) / 500000) AS shard
    FROM typed_marketing_events
  ) AS numbered
  GROUP BY shard
),
one_marketing_campaigns AS (
  SELECT *, row_number() OVER (PARTITION BY campaign_id ORDER BY campaign_id) AS nth FROM typed_marketing_campaigns
),
with_events AS (
  SELECT DISTINCT campaign_id FROM typed_marketing_events
),
without_events AS (
  SELECT count(*) AS campaigns FROM typed_marketing_campaigns AS c
  LEFT JOIN with_events AS e ON c.campaign_id = e.campaign_id WHERE e.campaign_id IS NULL
),
strayed AS (
  SELECT DISTINCT e.user_id FROM typed_marketing_events AS e
  LEFT JOIN typed_marketing_campaigns AS c ON e.campaign_id = c.campaign_id
  WHERE c.campaign_id IS NULL AND e.campaign_id IS NOT NULL
),
types_of_marketing_events AS (
  SELECT
    coalesce(min(CASE WHEN typeof(event_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__event_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(event_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__event_id__family,
    coalesce(min(CASE WHEN typeof(campaign_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__campaign_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(campaign_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__campaign_id__family,
    coalesce(min(CASE WHEN typeof(event_date) = 'TIMESTAMP' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__event_date__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(event_date), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__event_date__family,
    coalesce(min(CASE WHEN typeof(event_type) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__event_type__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(event_type), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__event_type__family,
    coalesce(min(CASE WHEN typeof(user_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__user_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(user_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__user_id__family
  FROM marketing_events
),
types_of_marketing_campaigns AS (
  SELECT
    coalesce(min(CASE WHEN typeof(campaign_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__campaign_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(campaign_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__campaign_id__family,
    coalesce(min(CASE WHEN typeof(start_date) = 'DATE' THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__start_date__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(start_date), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__start_date__family,
    coalesce(min(CASE WHEN typeof(end_date) = 'DATE' THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__end_date__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(end_date), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS marketing_campaigns__end_date__family
  FROM marketing_campaigns
),
stepped AS (
  SELECT
    t.*,
    marketing_campaigns.campaign_id IS NOT NULL OR t.campaign_id IS NULL AS campaign_id__known,
    marketing_campaigns.start_date AS campaign_start,
    marketing_campaigns.end_date AS campaign_end,
    strayed.user_id IS NULL AS user_is_known,
    CASE t.event_type WHEN 'conversion' THEN 0 WHEN 'click' THEN 1 WHEN 'impression' THEN 2 ELSE 4 END AS event_type__step,
    types_of_marketing_events.marketing_events__event_id__type AS marketing_events__event_id__type,
    types_of_marketing_events.marketing_events__event_id__family AS marketing_events__event_id__family,
    types_of_marketing_events.marketing_events__campaign_id__type AS marketing_events__campaign_id__type,
    types_of_marketing_events.marketing_events__campaign_id__family AS marketing_events__campaign_id__family,
    types_of_marketing_events.marketing_events__event_date__type AS marketing_events__event_date__type,
    types_of_marketing_events.marketing_events__event_date__family AS marketing_events__event_date__family,
    types_of_marketing_events.marketing_events__event_type__type AS marketing_events__event_type__type,
    types_of_marketing_events.marketing_events__event_type__family AS marketing_events__event_type__family,
    types_of_marketing_events.marketing_events__user_id__type AS marketing_events__user_id__type,
    types_of_marketing_events.marketing_events__user_id__family AS marketing_events__user_id__family,
    types_of_marketing_campaigns.marketing_campaigns__campaign_id__type AS marketing_campaigns__campaign_id__type,
    types_of_marketing_campaigns.marketing_campaigns__campaign_id__family AS marketing_campaigns__campaign_id__family,
    types_of_marketing_campaigns.marketing_campaigns__start_date__type AS marketing_campaigns__start_date__type,
    types_of_marketing_campaigns.marketing_campaigns__start_date__family AS marketing_campaigns__start_date__family,
    types_of_marketing_campaigns.marketing_campaigns__end_date__type AS marketing_campaigns__end_date__type,
    types_of_marketing_campaigns.marketing_campaigns__end_date__family AS marketing_campaigns__end_date__family
  FROM typed_marketing_events AS t
  LEFT JOIN one_marketing_campaigns AS marketing_campaigns ON t.campaign_id = marketing_campaigns.campaign_id AND marketing_campaigns.nth = 1
  LEFT JOIN strayed ON t.user_id = strayed.user_id
  CROSS JOIN types_of_marketing_events
  CROSS JOIN types_of_marketing_campaigns
),
prepared AS (
  SELECT
    t.*,
    sum(CASE WHEN t.event_type = 'impression' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id, t.campaign_id ORDER BY t.event_date, t.event_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS event_type__step_0_so_far,
    sum(CASE WHEN t.event_type = 'click' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id, t.campaign_id ORDER BY t.event_date, t.event_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS event_type__step_1_so_far,
    sum(CASE WHEN t.event_type = 'conversion' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id, t.campaign_id ORDER BY t.event_date, t.event_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS event_type__step_2_so_far
  FROM stepped AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 500000) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    sum(CASE WHEN NOT p.campaign_id__known THEN 1 ELSE 0 END) AS campaign_id__orphan__count,
    count(DISTINCT CASE WHEN NOT p.campaign_id__known THEN p.campaign_id END) AS retired_ids,
    (SELECT max(campaigns) FROM without_events) AS idle,
    sum(CASE WHEN p.event_type = 'conversion' THEN 1 ELSE 0 END) AS conversions,
    sum(CASE WHEN p.event_type = 'click' THEN 1 ELSE 0 END) AS clicks,
    sum(CASE WHEN p.event_type = 'conversion' AND NOT p.campaign_id__known THEN 1 ELSE 0 END) AS lost_conversions,
    sum(CASE WHEN p.event_type = 'click' AND NOT p.campaign_id__known THEN 1 ELSE 0 END) AS lost_clicks,
    sum(CASE WHEN p.event_type__step_1_so_far > p.event_type__step_0_so_far OR p.event_type__step_2_so_far > p.event_type__step_1_so_far THEN 1 ELSE 0 END) AS event_type__funnel_breaks,
    sum(CASE WHEN p.event_type IN ('click', 'conversion') THEN 1 ELSE 0 END) AS event_type__funnel_later_steps,
    sum(CASE WHEN NOT p.campaign_id__known THEN 1 ELSE 0 END) AS event_type__funnel_damaged,
    (SELECT coalesce(sum(gaps), 0) FROM ids_by_shard) AS gaps,
    (SELECT coalesce(least(coalesce(sum(gaps), 0), (CAST(3 AS DOUBLE) / 97) * sum(shard_rows) + 2), 0) FROM ids_by_shard) AS lost
  FROM prepared AS p
),
judged AS (
  SELECT
    CASE WHEN table_rows < 5 THEN 0 ELSE round(sign(CAST(campaign_id__orphan__count - (CASE WHEN marketing_events_campaign_id_orphan > 0 THEN greatest(marketing_events_campaign_id_orphan * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(campaign_id__orphan__count - (CASE WHEN marketing_events_campaign_id_orphan > 0 THEN greatest(marketing_events_campaign_id_orphan * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) END AS campaign_id__orphan__rows_off,
    CAST(greatest(event_type__funnel_breaks - (3 * event_type__funnel_later_steps * (lost + event_type__funnel_damaged) / greatest(table_rows + lost, 1.0) + 5 * sqrt(3 * event_type__funnel_later_steps * (lost + event_type__funnel_damaged) / greatest(table_rows + lost, 1.0)) + CASE WHEN 3 * event_type__funnel_later_steps * (lost + event_type__funnel_damaged) / greatest(table_rows + lost, 1.0) > 0 THEN 2 ELSE 0 END), 0) AS DOUBLE) AS event_type__funnel_total,
    CAST(CASE WHEN table_rows < 500 THEN 0 ELSE idle END AS DOUBLE) AS campaign_id__every__total,
    CAST(greatest(abs(lost_clicks - marketing_events_campaign_id_orphan * clicks) - 5 * sqrt(marketing_events_campaign_id_orphan * clicks) - 1, abs(lost_conversions - marketing_events_campaign_id_orphan * conversions) - 5 * sqrt(marketing_events_campaign_id_orphan * conversions) - 1, 0) AS DOUBLE) AS campaign_id__orphan__spread__bronze__total,
    CAST(retired_ids AS DOUBLE) AS campaign_id__orphan__pool__bronze__total
  FROM counted
  CROSS JOIN rates
)
SELECT
  p.campaign_end,
  p.campaign_id,
  p.campaign_start,
  p.event_date,
  p.event_id,
  p.event_type,
  p.user_id,
  coalesce(p.campaign_id__known, TRUE) AS campaign_id__known,
  coalesce(NOT p.user_is_known OR (p.event_type__step_1_so_far <= p.event_type__step_0_so_far AND p.event_type__step_2_so_far <= p.event_type__step_1_so_far), TRUE) AS event_type__funnel,
  coalesce(CAST(p.event_date AS DATE) BETWEEN p.campaign_start AND p.campaign_end, TRUE) AS event_date__in_campaign,
  coalesce(p.campaign_id__known OR TRY_CAST(split_part(p.campaign_id, '-', 2) AS BIGINT) >= 90000000, TRUE) AS campaign_id__orphan__retired__bronze,
  p.marketing_events__event_id__type,
  p.marketing_events__event_id__family,
  p.marketing_events__campaign_id__type,
  p.marketing_events__campaign_id__family,
  p.marketing_events__event_date__type,
  p.marketing_events__event_date__family,
  p.marketing_events__event_type__type,
  p.marketing_events__event_type__family,
  p.marketing_events__user_id__type,
  p.marketing_events__user_id__family,
  p.marketing_campaigns__campaign_id__type,
  p.marketing_campaigns__campaign_id__family,
  p.marketing_campaigns__start_date__type,
  p.marketing_campaigns__start_date__family,
  p.marketing_campaigns__end_date__type,
  p.marketing_campaigns__end_date__family,
  judged.campaign_id__orphan__rows_off,
  judged.event_type__funnel_total,
  judged.campaign_id__every__total,
  judged.campaign_id__orphan__spread__bronze__total,
  judged.campaign_id__orphan__pool__bronze__total
FROM prepared AS p
CROSS JOIN judged
