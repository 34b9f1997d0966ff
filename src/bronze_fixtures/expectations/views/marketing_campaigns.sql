-- What the suites bronze/marketing_campaigns and silver/marketing_campaigns run on.
-- It reads: marketing_campaigns. This is DuckDB's dialect; for others:
-- bronze-fixtures describe marketing_campaigns --views --dialect postgres
WITH typed_marketing_campaigns AS (
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
    TRY_CAST(owner AS VARCHAR) AS owner,
    typeof(campaign_id) = 'VARCHAR' AS campaign_id__type,
    regexp_matches(typeof(campaign_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS campaign_id__family,
    typeof(campaign_name) = 'VARCHAR' AS campaign_name__type,
    regexp_matches(typeof(campaign_name), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS campaign_name__family,
    typeof(channel) = 'VARCHAR' AS channel__type,
    regexp_matches(typeof(channel), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS channel__family,
    typeof(start_date) = 'DATE' AS start_date__type,
    regexp_matches(typeof(start_date), '^(TIMESTAMP|DATE|.NULL.)') AS start_date__family,
    typeof(end_date) = 'DATE' AS end_date__type,
    regexp_matches(typeof(end_date), '^(TIMESTAMP|DATE|.NULL.)') AS end_date__family,
    typeof(budget) = 'DECIMAL(12,2)' AS budget__type,
    regexp_matches(typeof(budget), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AS budget__family,
    typeof(target_audience) = 'VARCHAR' AS target_audience__type,
    regexp_matches(typeof(target_audience), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS target_audience__family,
    typeof(objective) = 'VARCHAR' AS objective__type,
    regexp_matches(typeof(objective), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS objective__family,
    typeof(status) = 'VARCHAR' AS status__type,
    regexp_matches(typeof(status), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS status__family,
    typeof(owner) = 'VARCHAR' AS owner__type,
    regexp_matches(typeof(owner), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS owner__family
  FROM marketing_campaigns
),
ids_by_shard AS (
  SELECT shard, count(*) AS shard_rows,
    max(number) - shard * 50 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(campaign_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(campaign_id, '-', 2) AS BIGINT) / 50) AS shard
    FROM typed_marketing_campaigns
  ) AS numbered
  GROUP BY shard
),
prepared AS (
  SELECT
    t.*
  FROM typed_marketing_campaigns AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    sum(CASE WHEN TRUE THEN 1 ELSE 0 END) AS originals,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 50) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    (SELECT coalesce(sum(gaps), 0) FROM ids_by_shard) AS gaps,
    (SELECT coalesce(0 * sum(shard_rows) + 0, 0) FROM ids_by_shard) AS damaged_at_most,
    sum(CASE WHEN p.channel IS NOT NULL THEN 1 ELSE 0 END) AS channel__counted,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'email' THEN 1 ELSE 0 END) AS channel__count_0,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'social' THEN 1 ELSE 0 END) AS channel__count_1,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'search' THEN 1 ELSE 0 END) AS channel__count_2,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'display' THEN 1 ELSE 0 END) AS channel__count_3,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'video' THEN 1 ELSE 0 END) AS channel__count_4,
    sum(CASE WHEN p.target_audience IS NOT NULL THEN 1 ELSE 0 END) AS target_audience__counted,
    sum(CASE WHEN p.target_audience IS NOT NULL AND p.target_audience = 'New Customers' THEN 1 ELSE 0 END) AS target_audience__count_0,
    sum(CASE WHEN p.target_audience IS NOT NULL AND p.target_audience = 'Returning Customers' THEN 1 ELSE 0 END) AS target_audience__count_1,
    sum(CASE WHEN p.target_audience IS NOT NULL AND p.target_audience = 'Young Adults' THEN 1 ELSE 0 END) AS target_audience__count_2,
    sum(CASE WHEN p.target_audience IS NOT NULL AND p.target_audience = 'Families' THEN 1 ELSE 0 END) AS target_audience__count_3,
    sum(CASE WHEN p.target_audience IS NOT NULL AND p.target_audience = 'Professionals' THEN 1 ELSE 0 END) AS target_audience__count_4,
    sum(CASE WHEN p.target_audience IS NOT NULL AND p.target_audience = 'Students' THEN 1 ELSE 0 END) AS target_audience__count_5,
    sum(CASE WHEN p.target_audience IS NOT NULL AND p.target_audience = 'Seniors' THEN 1 ELSE 0 END) AS target_audience__count_6,
    sum(CASE WHEN p.target_audience IS NOT NULL AND p.target_audience = 'Bargain Hunters' THEN 1 ELSE 0 END) AS target_audience__count_7,
    sum(CASE WHEN p.objective IS NOT NULL THEN 1 ELSE 0 END) AS objective__counted,
    sum(CASE WHEN p.objective IS NOT NULL AND p.objective = 'awareness' THEN 1 ELSE 0 END) AS objective__count_0,
    sum(CASE WHEN p.objective IS NOT NULL AND p.objective = 'consideration' THEN 1 ELSE 0 END) AS objective__count_1,
    sum(CASE WHEN p.objective IS NOT NULL AND p.objective = 'conversion' THEN 1 ELSE 0 END) AS objective__count_2,
    sum(CASE WHEN p.status = 'paused' THEN 1 ELSE 0 END) AS paused
  FROM prepared AS p
),
judged AS (
  SELECT
    CAST(ceil(greatest(gaps - damaged_at_most, 0)) AS DOUBLE) AS rows__missing,
    greatest(abs(round(sign(CAST(channel__count_0 - (0.3 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_0 - (0.3 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(channel__count_1 - (0.25 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_1 - (0.25 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(channel__count_2 - (0.2 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_2 - (0.2 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(channel__count_3 - (0.15 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_3 - (0.15 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(channel__count_4 - (0.1 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_4 - (0.1 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS channel__shares,
    greatest(abs(round(sign(CAST(target_audience__count_0 - (0.2 * target_audience__counted) AS DOUBLE)) * greatest(abs(CAST(target_audience__count_0 - (0.2 * target_audience__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(target_audience__count_1 - (0.2 * target_audience__counted) AS DOUBLE)) * greatest(abs(CAST(target_audience__count_1 - (0.2 * target_audience__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(target_audience__count_2 - (0.15 * target_audience__counted) AS DOUBLE)) * greatest(abs(CAST(target_audience__count_2 - (0.15 * target_audience__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(target_audience__count_3 - (0.15 * target_audience__counted) AS DOUBLE)) * greatest(abs(CAST(target_audience__count_3 - (0.15 * target_audience__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(target_audience__count_4 - (0.1 * target_audience__counted) AS DOUBLE)) * greatest(abs(CAST(target_audience__count_4 - (0.1 * target_audience__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(target_audience__count_5 - (0.1 * target_audience__counted) AS DOUBLE)) * greatest(abs(CAST(target_audience__count_5 - (0.1 * target_audience__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(target_audience__count_6 - (0.05 * target_audience__counted) AS DOUBLE)) * greatest(abs(CAST(target_audience__count_6 - (0.05 * target_audience__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(target_audience__count_7 - (0.05 * target_audience__counted) AS DOUBLE)) * greatest(abs(CAST(target_audience__count_7 - (0.05 * target_audience__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS target_audience__shares,
    greatest(abs(round(sign(CAST(objective__count_0 - (0.3 * objective__counted) AS DOUBLE)) * greatest(abs(CAST(objective__count_0 - (0.3 * objective__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(objective__count_1 - (0.3 * objective__counted) AS DOUBLE)) * greatest(abs(CAST(objective__count_1 - (0.3 * objective__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(objective__count_2 - (0.4 * objective__counted) AS DOUBLE)) * greatest(abs(CAST(objective__count_2 - (0.4 * objective__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS objective__shares,
    CAST(paused AS DOUBLE) AS status__some_paused__total
  FROM counted
)
SELECT
  p.campaign_id,
  p.campaign_name,
  p.channel,
  TRY_CAST(p.start_date AS TIMESTAMP) AS start_date,
  TRY_CAST(p.end_date AS TIMESTAMP) AS end_date,
  TRY_CAST(p.budget AS DOUBLE) AS budget,
  p.target_audience,
  p.objective,
  p.status,
  p.owner,
  p.campaign_id__type,
  p.campaign_id__family,
  p.campaign_name__type,
  p.campaign_name__family,
  p.channel__type,
  p.channel__family,
  p.start_date__type,
  p.start_date__family,
  p.end_date__type,
  p.end_date__family,
  p.budget__type,
  p.budget__family,
  p.target_audience__type,
  p.target_audience__family,
  p.objective__type,
  p.objective__family,
  p.status__type,
  p.status__family,
  p.owner__type,
  p.owner__family,
  coalesce(length(p.campaign_id), 0) AS campaign_id__length,
  coalesce(regexp_matches(p.campaign_id, '^CAMP-[0-9]{8,}$'), TRUE) AS campaign_id__pattern,
  coalesce(length(p.campaign_name), 0) AS campaign_name__length,
  coalesce(length(p.channel), 0) AS channel__length,
  coalesce((p.start_date >= DATE '2024-01-01' AND p.start_date <= DATE '2025-11-15'), TRUE) AS start_date__range,
  coalesce((p.end_date >= DATE '2024-01-08' AND p.end_date <= DATE '2026-02-13'), TRUE) AS end_date__range,
  coalesce(length(p.target_audience), 0) AS target_audience__length,
  coalesce(length(p.objective), 0) AS objective__length,
  coalesce(length(p.status), 0) AS status__length,
  coalesce(length(p.owner), 0) AS owner__length,
  coalesce(CASE p.status WHEN 'completed' THEN p.end_date <= DATE '2025-11-15' WHEN 'active' THEN p.end_date > DATE '2025-11-15' ELSE TRUE END, TRUE) AS status__by_date,
  coalesce(date_diff('day', p.start_date, p.end_date) BETWEEN 7 AND 90, TRUE) AS end_date__days,
  coalesce(regexp_matches(p.owner, '^[^ ]+( [^ ]+)+$'), TRUE) AS owner__words,
  coalesce(length(trim(p.campaign_name)) > 0, TRUE) AS campaign_name__says,
  judged.rows__missing,
  judged.channel__shares,
  judged.target_audience__shares,
  judged.objective__shares,
  judged.status__some_paused__total
FROM prepared AS p
CROSS JOIN judged
