-- What the suites bronze/marketing_events and silver/marketing_events run on.
-- It reads: marketing_events. This is DuckDB's dialect; for others:
-- bronze-fixtures describe marketing_events --views --dialect postgres
WITH rates AS (
  SELECT
    CAST(0.02 AS DOUBLE) AS marketing_events_location_null
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
    TRY_CAST(location AS VARCHAR) AS location,
    typeof(event_id) = 'VARCHAR' AS event_id__type,
    regexp_matches(typeof(event_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS event_id__family,
    typeof(campaign_id) = 'VARCHAR' AS campaign_id__type,
    regexp_matches(typeof(campaign_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS campaign_id__family,
    typeof(event_date) = 'TIMESTAMP' AS event_date__type,
    regexp_matches(typeof(event_date), '^(TIMESTAMP|DATE|.NULL.)') AS event_date__family,
    typeof(event_type) = 'VARCHAR' AS event_type__type,
    regexp_matches(typeof(event_type), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS event_type__family,
    typeof(user_id) = 'VARCHAR' AS user_id__type,
    regexp_matches(typeof(user_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS user_id__family,
    typeof(cost) = 'DECIMAL(10,4)' AS cost__type,
    regexp_matches(typeof(cost), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AS cost__family,
    typeof(revenue) = 'DECIMAL(10,2)' AS revenue__type,
    regexp_matches(typeof(revenue), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AS revenue__family,
    typeof(device_type) = 'VARCHAR' AS device_type__type,
    regexp_matches(typeof(device_type), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS device_type__family,
    typeof(browser) = 'VARCHAR' AS browser__type,
    regexp_matches(typeof(browser), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS browser__family,
    typeof(location) = 'VARCHAR' AS location__type,
    regexp_matches(typeof(location), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS location__family
  FROM marketing_events
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
stepped AS (
  SELECT
    t.*,
    CASE t.event_type WHEN 'conversion' THEN 0 WHEN 'click' THEN 1 WHEN 'impression' THEN 2 ELSE 4 END AS event_type__step
  FROM typed_marketing_events AS t
),
prepared AS (
  SELECT
    t.*,
    sum(CASE WHEN t.event_type = 'impression' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id ORDER BY t.event_date, t.event_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS event_type__step_0_so_far,
    sum(CASE WHEN t.event_type = 'click' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id ORDER BY t.event_date, t.event_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS event_type__step_1_so_far,
    sum(CASE WHEN t.event_type = 'conversion' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id ORDER BY t.event_date, t.event_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS event_type__step_2_so_far
  FROM stepped AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    sum(CASE WHEN TRUE THEN 1 ELSE 0 END) AS originals,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 500000) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    (SELECT coalesce(sum(gaps), 0) FROM ids_by_shard) AS gaps,
    (SELECT coalesce((CAST(3 AS DOUBLE) / 97) * sum(shard_rows) + 2, 0) FROM ids_by_shard) AS damaged_at_most,
    sum(CASE WHEN p.event_type IS NOT NULL THEN 1 ELSE 0 END) AS event_type__counted,
    sum(CASE WHEN p.event_type IS NOT NULL AND p.event_type = 'impression' THEN 1 ELSE 0 END) AS event_type__count_0,
    sum(CASE WHEN p.event_type IS NOT NULL AND p.event_type = 'click' THEN 1 ELSE 0 END) AS event_type__count_1,
    sum(CASE WHEN p.event_type IS NOT NULL AND p.event_type = 'conversion' THEN 1 ELSE 0 END) AS event_type__count_2,
    (SELECT coalesce(least(coalesce(sum(gaps), 0), (CAST(3 AS DOUBLE) / 97) * sum(shard_rows) + 2), 0) FROM ids_by_shard) AS lost,
    sum(CASE WHEN p.user_id IS NOT NULL THEN 1 ELSE 0 END) AS user_id__counted,
    sum(CASE WHEN p.user_id IS NOT NULL AND split_part(p.user_id, '-', 1) = 'CUST' THEN 1 ELSE 0 END) AS user_id__count_0,
    sum(CASE WHEN p.user_id IS NOT NULL AND split_part(p.user_id, '-', 1) = 'VIS' THEN 1 ELSE 0 END) AS user_id__count_1,
    sum(CASE WHEN p.device_type IS NOT NULL THEN 1 ELSE 0 END) AS device_type__counted,
    sum(CASE WHEN p.device_type IS NOT NULL AND p.device_type = 'desktop' THEN 1 ELSE 0 END) AS device_type__count_0,
    sum(CASE WHEN p.device_type IS NOT NULL AND p.device_type = 'mobile' THEN 1 ELSE 0 END) AS device_type__count_1,
    sum(CASE WHEN p.device_type IS NOT NULL AND p.device_type = 'tablet' THEN 1 ELSE 0 END) AS device_type__count_2,
    sum(CASE WHEN p.browser IS NOT NULL THEN 1 ELSE 0 END) AS browser__counted,
    sum(CASE WHEN p.browser IS NOT NULL AND p.browser = 'Chrome' THEN 1 ELSE 0 END) AS browser__count_0,
    sum(CASE WHEN p.browser IS NOT NULL AND p.browser = 'Safari' THEN 1 ELSE 0 END) AS browser__count_1,
    sum(CASE WHEN p.browser IS NOT NULL AND p.browser = 'Edge' THEN 1 ELSE 0 END) AS browser__count_2,
    sum(CASE WHEN p.browser IS NOT NULL AND p.browser = 'Firefox' THEN 1 ELSE 0 END) AS browser__count_3,
    sum(CASE WHEN p.browser IS NOT NULL AND p.browser = 'Opera' THEN 1 ELSE 0 END) AS browser__count_4,
    sum(CASE WHEN p.location IS NULL THEN 1 ELSE 0 END) AS location__null__count,
    sum(CASE WHEN p.event_type__step_1_so_far > p.event_type__step_0_so_far OR p.event_type__step_2_so_far > p.event_type__step_1_so_far THEN 1 ELSE 0 END) AS event_type__funnel_breaks,
    sum(CASE WHEN p.event_type IN ('click', 'conversion') THEN 1 ELSE 0 END) AS event_type__funnel_later_steps,
    sum(CASE WHEN FALSE THEN 1 ELSE 0 END) AS event_type__funnel_damaged
  FROM prepared AS p
),
judged AS (
  SELECT
    CAST(ceil(greatest(gaps - damaged_at_most, 0)) AS DOUBLE) AS rows__missing,
    greatest(abs(round(sign(CAST(event_type__count_0 - (0.8 * event_type__counted) AS DOUBLE)) * greatest(abs(CAST(event_type__count_0 - (0.8 * event_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(event_type__count_1 - (0.15 * event_type__counted) AS DOUBLE)) * greatest(abs(CAST(event_type__count_1 - (0.15 * event_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(event_type__count_2 - (0.05 * event_type__counted) AS DOUBLE)) * greatest(abs(CAST(event_type__count_2 - (0.05 * event_type__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS event_type__shares,
    greatest(abs(round(sign(CAST(event_type__count_0 - (0.8 * event_type__counted) AS DOUBLE)) * greatest(abs(CAST(event_type__count_0 - (0.8 * event_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.8 * lost) + CASE WHEN 0.8 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(event_type__count_1 - (0.15 * event_type__counted) AS DOUBLE)) * greatest(abs(CAST(event_type__count_1 - (0.15 * event_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.15 * lost) + CASE WHEN 0.15 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(event_type__count_2 - (0.05 * event_type__counted) AS DOUBLE)) * greatest(abs(CAST(event_type__count_2 - (0.05 * event_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.05 * lost) + CASE WHEN 0.05 * lost > 0 THEN 2 ELSE 0 END), 0) AS event_type__shares_of_rest,
    greatest(abs(round(sign(CAST(user_id__count_0 - (0.3 * user_id__counted) AS DOUBLE)) * greatest(abs(CAST(user_id__count_0 - (0.3 * user_id__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(user_id__count_1 - (0.7 * user_id__counted) AS DOUBLE)) * greatest(abs(CAST(user_id__count_1 - (0.7 * user_id__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS user_id__shares,
    greatest(abs(round(sign(CAST(user_id__count_0 - (0.3 * user_id__counted) AS DOUBLE)) * greatest(abs(CAST(user_id__count_0 - (0.3 * user_id__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.3 * lost) + CASE WHEN 0.3 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(user_id__count_1 - (0.7 * user_id__counted) AS DOUBLE)) * greatest(abs(CAST(user_id__count_1 - (0.7 * user_id__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.7 * lost) + CASE WHEN 0.7 * lost > 0 THEN 2 ELSE 0 END), 0) AS user_id__shares_of_rest,
    greatest(abs(round(sign(CAST(device_type__count_0 - (0.35 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_0 - (0.35 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(device_type__count_1 - (0.55 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_1 - (0.55 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(device_type__count_2 - (0.1 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_2 - (0.1 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS device_type__shares,
    greatest(abs(round(sign(CAST(device_type__count_0 - (0.35 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_0 - (0.35 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.35 * lost) + CASE WHEN 0.35 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(device_type__count_1 - (0.55 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_1 - (0.55 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.55 * lost) + CASE WHEN 0.55 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(device_type__count_2 - (0.1 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_2 - (0.1 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.1 * lost) + CASE WHEN 0.1 * lost > 0 THEN 2 ELSE 0 END), 0) AS device_type__shares_of_rest,
    greatest(abs(round(sign(CAST(browser__count_0 - (0.64 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_0 - (0.64 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(browser__count_1 - (0.2 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_1 - (0.2 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(browser__count_2 - (0.08 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_2 - (0.08 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(browser__count_3 - (0.06 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_3 - (0.06 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(browser__count_4 - (0.02 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_4 - (0.02 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS browser__shares,
    greatest(abs(round(sign(CAST(browser__count_0 - (0.64 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_0 - (0.64 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.64 * lost) + CASE WHEN 0.64 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(browser__count_1 - (0.2 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_1 - (0.2 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.2 * lost) + CASE WHEN 0.2 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(browser__count_2 - (0.08 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_2 - (0.08 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.08 * lost) + CASE WHEN 0.08 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(browser__count_3 - (0.06 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_3 - (0.06 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.06 * lost) + CASE WHEN 0.06 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(browser__count_4 - (0.02 * browser__counted) AS DOUBLE)) * greatest(abs(CAST(browser__count_4 - (0.02 * browser__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.02 * lost) + CASE WHEN 0.02 * lost > 0 THEN 2 ELSE 0 END), 0) AS browser__shares_of_rest,
    CASE WHEN table_rows < 5 THEN 0 ELSE round(sign(CAST(location__null__count - (CASE WHEN marketing_events_location_null > 0 THEN greatest(marketing_events_location_null * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(location__null__count - (CASE WHEN marketing_events_location_null > 0 THEN greatest(marketing_events_location_null * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) END AS location__null__rows_off,
    CAST(greatest(event_type__funnel_breaks - (3 * event_type__funnel_later_steps * (lost + event_type__funnel_damaged) / greatest(table_rows + lost, 1.0) + 5 * sqrt(3 * event_type__funnel_later_steps * (lost + event_type__funnel_damaged) / greatest(table_rows + lost, 1.0)) + CASE WHEN 3 * event_type__funnel_later_steps * (lost + event_type__funnel_damaged) / greatest(table_rows + lost, 1.0) > 0 THEN 2 ELSE 0 END), 0) AS DOUBLE) AS event_type__funnel_total,
    CAST(greatest( abs(event_type__count_1 / greatest(event_type__count_0, 1) - 0.15 / 0.8) - 1 / greatest(event_type__count_0, 1), abs(event_type__count_2 / greatest(event_type__count_1, 1) - 0.05 / 0.15) - 1 / greatest(event_type__count_1, 1)) AS DOUBLE) AS event_type__rates__bronze__total
  FROM counted
  CROSS JOIN rates
)
SELECT
  p.event_id,
  p.campaign_id,
  p.event_date,
  p.event_type,
  p.user_id,
  TRY_CAST(p.cost AS DOUBLE) AS cost,
  TRY_CAST(p.revenue AS DOUBLE) AS revenue,
  p.device_type,
  p.browser,
  p.location,
  p.event_id__type,
  p.event_id__family,
  p.campaign_id__type,
  p.campaign_id__family,
  p.event_date__type,
  p.event_date__family,
  p.event_type__type,
  p.event_type__family,
  p.user_id__type,
  p.user_id__family,
  p.cost__type,
  p.cost__family,
  p.revenue__type,
  p.revenue__family,
  p.device_type__type,
  p.device_type__family,
  p.browser__type,
  p.browser__family,
  p.location__type,
  p.location__family,
  coalesce(length(p.event_id), 0) AS event_id__length,
  coalesce(regexp_matches(p.event_id, '^EVT-[0-9]{8,}$'), TRUE) AS event_id__pattern,
  coalesce(length(p.campaign_id), 0) AS campaign_id__length,
  coalesce(regexp_matches(p.campaign_id, '^CAMP-[0-9]{8,}$'), TRUE) AS campaign_id__pattern,
  coalesce((p.event_date >= TIMESTAMP '2024-01-01 00:00:00' AND p.event_date <= TIMESTAMP '2025-11-15 23:59:59'), TRUE) AS event_date__range,
  coalesce(length(p.event_type), 0) AS event_type__length,
  coalesce(length(p.user_id), 0) AS user_id__length,
  coalesce(regexp_matches(p.user_id, '^(CUST|VIS)-[0-9]{8,}$'), TRUE) AS user_id__pattern,
  coalesce(CASE p.event_type WHEN 'impression' THEN (p.cost >= 0.0100 AND p.cost <= 0.0500) WHEN 'click' THEN (p.cost >= 0.5000 AND p.cost <= 5.0000) WHEN 'conversion' THEN (p.cost >= 0.0000 AND p.cost <= 0.0000) END, TRUE) AS cost__of_event_type,
  coalesce((p.revenue IS NULL) = (event_type <> 'conversion'), TRUE) AS revenue__null_when,
  coalesce(length(p.device_type), 0) AS device_type__length,
  coalesce(length(p.browser), 0) AS browser__length,
  coalesce(length(p.location), 0) AS location__length,
  coalesce(p.event_type__step_1_so_far <= p.event_type__step_0_so_far AND p.event_type__step_2_so_far <= p.event_type__step_1_so_far, TRUE) AS event_type__funnel,
  coalesce(length(trim(p.location)) > 0, TRUE) AS location__says,
  judged.rows__missing,
  judged.event_type__shares,
  judged.event_type__shares_of_rest,
  judged.user_id__shares,
  judged.user_id__shares_of_rest,
  judged.device_type__shares,
  judged.device_type__shares_of_rest,
  judged.browser__shares,
  judged.browser__shares_of_rest,
  judged.location__null__rows_off,
  judged.event_type__funnel_total,
  judged.event_type__rates__bronze__total
FROM prepared AS p
CROSS JOIN judged
