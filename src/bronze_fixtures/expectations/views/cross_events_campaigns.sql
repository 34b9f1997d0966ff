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
stepped AS (
  SELECT
    t.*,
    marketing_campaigns.campaign_id IS NOT NULL OR t.campaign_id IS NULL AS campaign_id__known,
    marketing_campaigns.start_date AS campaign_start,
    marketing_campaigns.end_date AS campaign_end,
    CASE t.event_type WHEN 'conversion' THEN 1 WHEN 'click' THEN 2 ELSE 3 END AS step
  FROM typed_marketing_events AS t
  LEFT JOIN one_marketing_campaigns AS marketing_campaigns ON t.campaign_id = marketing_campaigns.campaign_id AND marketing_campaigns.nth = 1
),
prepared AS (
  SELECT
    t.*,
    min(CASE WHEN t.campaign_id__known THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id) = 1 AS user_is_known,
    sum(CASE WHEN t.event_type = 'impression' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id, t.campaign_id ORDER BY t.event_date, t.step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS own_impressions,
    sum(CASE WHEN t.event_type = 'click' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id, t.campaign_id ORDER BY t.event_date, t.step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS own_clicks,
    sum(CASE WHEN t.event_type = 'conversion' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id, t.campaign_id ORDER BY t.event_date, t.step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS own_conversions
  FROM stepped AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    greatest(ceil(CAST(count(*) AS DOUBLE) / 500000), 1) AS shards,
    sum(CASE WHEN NOT p.campaign_id__known THEN 1 ELSE 0 END) AS campaign_id__orphan__count,
    count(DISTINCT CASE WHEN NOT p.campaign_id__known THEN p.campaign_id END) AS retired_ids,
    sum(CASE WHEN p.own_clicks > p.own_impressions OR p.own_conversions > p.own_clicks THEN 1 ELSE 0 END) AS funnel_breaks,
    (SELECT max(campaigns) FROM without_events) AS idle,
    sum(CASE WHEN p.event_type = 'conversion' THEN 1 ELSE 0 END) AS conversions,
    sum(CASE WHEN p.event_type = 'click' THEN 1 ELSE 0 END) AS clicks,
    sum(CASE WHEN p.event_type = 'conversion' AND NOT p.campaign_id__known THEN 1 ELSE 0 END) AS lost_conversions,
    sum(CASE WHEN p.event_type = 'click' AND NOT p.campaign_id__known THEN 1 ELSE 0 END) AS lost_clicks
  FROM prepared AS p
),
judged AS (
  SELECT
    round(sign(CAST(campaign_id__orphan__count - (CASE WHEN marketing_events_campaign_id_orphan > 0 THEN greatest(marketing_events_campaign_id_orphan * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(campaign_id__orphan__count - (CASE WHEN marketing_events_campaign_id_orphan > 0 THEN greatest(marketing_events_campaign_id_orphan * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) AS campaign_id__orphan__rows_off,
    CAST(CASE WHEN table_rows < 500 THEN 0 ELSE idle END AS DOUBLE) AS campaign_id__every__total,
    CAST(greatest(abs(lost_clicks - marketing_events_campaign_id_orphan * clicks) - 5 * sqrt(marketing_events_campaign_id_orphan * clicks) - 1, abs(lost_conversions - marketing_events_campaign_id_orphan * conversions) - 5 * sqrt(marketing_events_campaign_id_orphan * conversions) - 1, 0) AS DOUBLE) AS campaign_id__orphan__spread__total,
    CAST(retired_ids AS DOUBLE) AS campaign_id__orphan__pool__total,
    CAST(greatest(funnel_breaks - 0.1 * table_rows, 0) AS DOUBLE) AS event_type__funnel__total
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
  coalesce(CAST(p.event_date AS DATE) BETWEEN p.campaign_start AND p.campaign_end, TRUE) AS event_date__in_campaign,
  coalesce(NOT p.user_is_known OR (p.own_clicks <= p.own_impressions AND p.own_conversions <= p.own_clicks), TRUE) AS event_type__funnel,
  judged.campaign_id__orphan__rows_off,
  judged.campaign_id__every__total,
  judged.campaign_id__orphan__spread__total,
  judged.campaign_id__orphan__pool__total,
  judged.event_type__funnel__total
FROM prepared AS p
CROSS JOIN judged
