-- What the suites bronze/user_interactions and silver/user_interactions run on.
-- It reads: user_interactions. This is DuckDB's dialect; for others:
-- bronze-fixtures describe user_interactions --views --dialect postgres
WITH rates AS (
  SELECT
    CAST(0.03 AS DOUBLE) AS user_interactions_session_id_null
),
typed_user_interactions AS (
  SELECT
    TRY_CAST(interaction_id AS VARCHAR) AS interaction_id,
    TRY_CAST(user_id AS VARCHAR) AS user_id,
    TRY_CAST(product_id AS VARCHAR) AS product_id,
    TRY_CAST(interaction_type AS VARCHAR) AS interaction_type,
    TRY_CAST(timestamp AS TIMESTAMP) AS timestamp,
    TRY_CAST(rating AS INTEGER) AS rating,
    TRY_CAST(session_id AS VARCHAR) AS session_id,
    TRY_CAST(duration_seconds AS INTEGER) AS duration_seconds,
    TRY_CAST(referrer AS VARCHAR) AS referrer,
    TRY_CAST(device_type AS VARCHAR) AS device_type,
    typeof(interaction_id) = 'VARCHAR' AS interaction_id__type,
    regexp_matches(typeof(interaction_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS interaction_id__family,
    typeof(user_id) = 'VARCHAR' AS user_id__type,
    regexp_matches(typeof(user_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS user_id__family,
    typeof(product_id) = 'VARCHAR' AS product_id__type,
    regexp_matches(typeof(product_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS product_id__family,
    typeof(interaction_type) = 'VARCHAR' AS interaction_type__type,
    regexp_matches(typeof(interaction_type), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS interaction_type__family,
    typeof(timestamp) = 'TIMESTAMP' AS timestamp__type,
    regexp_matches(typeof(timestamp), '^(TIMESTAMP|DATE|.NULL.)') AS timestamp__family,
    typeof(rating) = 'INTEGER' AS rating__type,
    (regexp_matches(typeof(rating), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AND coalesce(TRY_CAST(rating AS DOUBLE) = round(TRY_CAST(rating AS DOUBLE)), TRUE)) AS rating__family,
    typeof(session_id) = 'VARCHAR' AS session_id__type,
    regexp_matches(typeof(session_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS session_id__family,
    typeof(duration_seconds) = 'INTEGER' AS duration_seconds__type,
    (regexp_matches(typeof(duration_seconds), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AND coalesce(TRY_CAST(duration_seconds AS DOUBLE) = round(TRY_CAST(duration_seconds AS DOUBLE)), TRUE)) AS duration_seconds__family,
    typeof(referrer) = 'VARCHAR' AS referrer__type,
    regexp_matches(typeof(referrer), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS referrer__family,
    typeof(device_type) = 'VARCHAR' AS device_type__type,
    regexp_matches(typeof(device_type), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS device_type__family
  FROM user_interactions
),
ids_by_shard AS (
  SELECT shard, count(*) AS shard_rows,
    max(number) - shard * 200000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(interaction_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(interaction_id, '-', 2) AS BIGINT) / 200000) AS shard
    FROM typed_user_interactions
  ) AS numbered
  GROUP BY shard
),
sessions AS (
  SELECT
    session_id,
    min(user_id) = max(user_id) AND min(device_type) = max(device_type)
      AND min(referrer) = max(referrer) AS whole,
    max(date_diff('second', TIMESTAMP '2020-01-01 00:00:00', "timestamp") + coalesce(duration_seconds, 0))
      - min(date_diff('second', TIMESTAMP '2020-01-01 00:00:00', "timestamp")) AS seconds
  FROM typed_user_interactions
  WHERE session_id IS NOT NULL
  GROUP BY session_id
),
stepped AS (
  SELECT
    t.*,
    sessions.whole AS session_whole,
    sessions.seconds AS session_seconds,
    CASE t.interaction_type WHEN 'purchase' THEN 0 WHEN 'cart' THEN 1 WHEN 'view' THEN 2 ELSE 4 END AS interaction_type__step
  FROM typed_user_interactions AS t
  LEFT JOIN sessions ON t.session_id = sessions.session_id
),
prepared AS (
  SELECT
    t.*,
    sum(CASE WHEN t.interaction_type = 'view' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id ORDER BY t.timestamp, t.interaction_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS interaction_type__step_0_so_far,
    sum(CASE WHEN t.interaction_type = 'cart' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id ORDER BY t.timestamp, t.interaction_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS interaction_type__step_1_so_far,
    sum(CASE WHEN t.interaction_type = 'purchase' THEN 1 ELSE 0 END) OVER (PARTITION BY t.user_id ORDER BY t.timestamp, t.interaction_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS interaction_type__step_2_so_far
  FROM stepped AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    sum(CASE WHEN TRUE THEN 1 ELSE 0 END) AS originals,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 200000) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    (SELECT coalesce(sum(gaps), 0) FROM ids_by_shard) AS gaps,
    (SELECT coalesce((CAST(2 AS DOUBLE) / 23) * sum(shard_rows) + 2, 0) FROM ids_by_shard) AS damaged_at_most,
    sum(CASE WHEN p.user_id IS NOT NULL THEN 1 ELSE 0 END) AS user_id__counted,
    sum(CASE WHEN p.user_id IS NOT NULL AND split_part(p.user_id, '-', 1) = 'CUST' THEN 1 ELSE 0 END) AS user_id__count_0,
    sum(CASE WHEN p.user_id IS NOT NULL AND split_part(p.user_id, '-', 1) = 'USER' THEN 1 ELSE 0 END) AS user_id__count_1,
    (SELECT coalesce(least(coalesce(sum(gaps), 0), (CAST(2 AS DOUBLE) / 23) * sum(shard_rows) + 2), 0) FROM ids_by_shard) AS lost,
    sum(CASE WHEN p.interaction_type IS NOT NULL THEN 1 ELSE 0 END) AS interaction_type__counted,
    sum(CASE WHEN p.interaction_type IS NOT NULL AND p.interaction_type = 'view' THEN 1 ELSE 0 END) AS interaction_type__count_0,
    sum(CASE WHEN p.interaction_type IS NOT NULL AND p.interaction_type = 'cart' THEN 1 ELSE 0 END) AS interaction_type__count_1,
    sum(CASE WHEN p.interaction_type IS NOT NULL AND p.interaction_type = 'purchase' THEN 1 ELSE 0 END) AS interaction_type__count_2,
    sum(CASE WHEN p.interaction_type IS NOT NULL AND p.interaction_type = 'rating' THEN 1 ELSE 0 END) AS interaction_type__count_3,
    sum(CASE WHEN p.interaction_type IS NOT NULL AND p.interaction_type = 'wishlist' THEN 1 ELSE 0 END) AS interaction_type__count_4,
    sum(CASE WHEN p.rating IS NOT NULL THEN 1 ELSE 0 END) AS rating__counted,
    sum(CASE WHEN p.rating IS NOT NULL AND p.rating = 5 THEN 1 ELSE 0 END) AS rating__count_0,
    sum(CASE WHEN p.rating IS NOT NULL AND p.rating = 4 THEN 1 ELSE 0 END) AS rating__count_1,
    sum(CASE WHEN p.rating IS NOT NULL AND p.rating = 3 THEN 1 ELSE 0 END) AS rating__count_2,
    sum(CASE WHEN p.rating IS NOT NULL AND p.rating = 2 THEN 1 ELSE 0 END) AS rating__count_3,
    sum(CASE WHEN p.rating IS NOT NULL AND p.rating = 1 THEN 1 ELSE 0 END) AS rating__count_4,
    sum(CASE WHEN p.referrer IS NOT NULL THEN 1 ELSE 0 END) AS referrer__counted,
    sum(CASE WHEN p.referrer IS NOT NULL AND p.referrer = 'direct' THEN 1 ELSE 0 END) AS referrer__count_0,
    sum(CASE WHEN p.referrer IS NOT NULL AND p.referrer = 'google' THEN 1 ELSE 0 END) AS referrer__count_1,
    sum(CASE WHEN p.referrer IS NOT NULL AND p.referrer = 'email' THEN 1 ELSE 0 END) AS referrer__count_2,
    sum(CASE WHEN p.referrer IS NOT NULL AND p.referrer = 'facebook' THEN 1 ELSE 0 END) AS referrer__count_3,
    sum(CASE WHEN p.referrer IS NOT NULL AND p.referrer = 'instagram' THEN 1 ELSE 0 END) AS referrer__count_4,
    sum(CASE WHEN p.referrer IS NOT NULL AND p.referrer = 'tiktok' THEN 1 ELSE 0 END) AS referrer__count_5,
    sum(CASE WHEN p.referrer IS NOT NULL AND p.referrer = 'affiliate' THEN 1 ELSE 0 END) AS referrer__count_6,
    sum(CASE WHEN p.device_type IS NOT NULL THEN 1 ELSE 0 END) AS device_type__counted,
    sum(CASE WHEN p.device_type IS NOT NULL AND p.device_type = 'desktop' THEN 1 ELSE 0 END) AS device_type__count_0,
    sum(CASE WHEN p.device_type IS NOT NULL AND p.device_type = 'mobile' THEN 1 ELSE 0 END) AS device_type__count_1,
    sum(CASE WHEN p.device_type IS NOT NULL AND p.device_type = 'tablet' THEN 1 ELSE 0 END) AS device_type__count_2,
    sum(CASE WHEN p.session_id IS NULL THEN 1 ELSE 0 END) AS session_id__null__count,
    sum(CASE WHEN p.interaction_type__step_1_so_far > p.interaction_type__step_0_so_far OR p.interaction_type__step_2_so_far > p.interaction_type__step_1_so_far THEN 1 ELSE 0 END) AS interaction_type__funnel_breaks,
    sum(CASE WHEN p.interaction_type IN ('cart', 'purchase') THEN 1 ELSE 0 END) AS interaction_type__funnel_later_steps,
    sum(CASE WHEN FALSE THEN 1 ELSE 0 END) AS interaction_type__funnel_damaged
  FROM prepared AS p
),
judged AS (
  SELECT
    CAST(ceil(greatest(gaps - damaged_at_most, 0)) AS DOUBLE) AS rows__missing,
    CASE WHEN table_rows < 100 THEN 0 ELSE greatest(abs(round(sign(CAST(user_id__count_0 - (0.7 * user_id__counted) AS DOUBLE)) * greatest(abs(CAST(user_id__count_0 - (0.7 * user_id__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(user_id__count_1 - (0.3 * user_id__counted) AS DOUBLE)) * greatest(abs(CAST(user_id__count_1 - (0.3 * user_id__counted) AS DOUBLE)) - (shards - 1), 0), 6))) END AS user_id__shares,
    CASE WHEN table_rows < 100 THEN 0 ELSE greatest(abs(round(sign(CAST(user_id__count_0 - (0.7 * user_id__counted) AS DOUBLE)) * greatest(abs(CAST(user_id__count_0 - (0.7 * user_id__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.7 * lost) + CASE WHEN 0.7 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(user_id__count_1 - (0.3 * user_id__counted) AS DOUBLE)) * greatest(abs(CAST(user_id__count_1 - (0.3 * user_id__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.3 * lost) + CASE WHEN 0.3 * lost > 0 THEN 2 ELSE 0 END), 0) END AS user_id__shares_of_rest,
    greatest(abs(round(sign(CAST(interaction_type__count_0 - (0.7 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_0 - (0.7 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(interaction_type__count_1 - (0.15 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_1 - (0.15 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(interaction_type__count_2 - (0.08 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_2 - (0.08 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(interaction_type__count_3 - (0.05 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_3 - (0.05 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(interaction_type__count_4 - (0.02 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_4 - (0.02 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS interaction_type__shares,
    greatest(abs(round(sign(CAST(interaction_type__count_0 - (0.7 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_0 - (0.7 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.7 * lost) + CASE WHEN 0.7 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(interaction_type__count_1 - (0.15 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_1 - (0.15 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.15 * lost) + CASE WHEN 0.15 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(interaction_type__count_2 - (0.08 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_2 - (0.08 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.08 * lost) + CASE WHEN 0.08 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(interaction_type__count_3 - (0.05 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_3 - (0.05 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.05 * lost) + CASE WHEN 0.05 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(interaction_type__count_4 - (0.02 * interaction_type__counted) AS DOUBLE)) * greatest(abs(CAST(interaction_type__count_4 - (0.02 * interaction_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.02 * lost) + CASE WHEN 0.02 * lost > 0 THEN 2 ELSE 0 END), 0) AS interaction_type__shares_of_rest,
    greatest(abs(round(sign(CAST(rating__count_0 - (0.4 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_0 - (0.4 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(rating__count_1 - (0.3 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_1 - (0.3 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(rating__count_2 - (0.15 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_2 - (0.15 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(rating__count_3 - (0.1 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_3 - (0.1 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(rating__count_4 - (0.05 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_4 - (0.05 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS rating__shares,
    greatest(abs(round(sign(CAST(rating__count_0 - (0.4 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_0 - (0.4 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.4 * lost) + CASE WHEN 0.4 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(rating__count_1 - (0.3 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_1 - (0.3 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.3 * lost) + CASE WHEN 0.3 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(rating__count_2 - (0.15 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_2 - (0.15 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.15 * lost) + CASE WHEN 0.15 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(rating__count_3 - (0.1 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_3 - (0.1 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.1 * lost) + CASE WHEN 0.1 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(rating__count_4 - (0.05 * rating__counted) AS DOUBLE)) * greatest(abs(CAST(rating__count_4 - (0.05 * rating__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.05 * lost) + CASE WHEN 0.05 * lost > 0 THEN 2 ELSE 0 END), 0) AS rating__shares_of_rest,
    CASE WHEN table_rows < 100 THEN 0 ELSE greatest(abs(round(sign(CAST(referrer__count_0 - (0.3 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_0 - (0.3 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(referrer__count_1 - (0.3 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_1 - (0.3 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(referrer__count_2 - (0.12 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_2 - (0.12 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(referrer__count_3 - (0.1 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_3 - (0.1 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(referrer__count_4 - (0.08 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_4 - (0.08 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(referrer__count_5 - (0.05 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_5 - (0.05 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(referrer__count_6 - (0.05 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_6 - (0.05 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6))) END AS referrer__shares,
    CASE WHEN table_rows < 100 THEN 0 ELSE greatest(abs(round(sign(CAST(referrer__count_0 - (0.3 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_0 - (0.3 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.3 * lost) + CASE WHEN 0.3 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(referrer__count_1 - (0.3 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_1 - (0.3 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.3 * lost) + CASE WHEN 0.3 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(referrer__count_2 - (0.12 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_2 - (0.12 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.12 * lost) + CASE WHEN 0.12 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(referrer__count_3 - (0.1 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_3 - (0.1 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.1 * lost) + CASE WHEN 0.1 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(referrer__count_4 - (0.08 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_4 - (0.08 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.08 * lost) + CASE WHEN 0.08 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(referrer__count_5 - (0.05 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_5 - (0.05 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.05 * lost) + CASE WHEN 0.05 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(referrer__count_6 - (0.05 * referrer__counted) AS DOUBLE)) * greatest(abs(CAST(referrer__count_6 - (0.05 * referrer__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.05 * lost) + CASE WHEN 0.05 * lost > 0 THEN 2 ELSE 0 END), 0) END AS referrer__shares_of_rest,
    CASE WHEN table_rows < 100 THEN 0 ELSE greatest(abs(round(sign(CAST(device_type__count_0 - (0.35 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_0 - (0.35 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(device_type__count_1 - (0.55 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_1 - (0.55 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(device_type__count_2 - (0.1 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_2 - (0.1 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6))) END AS device_type__shares,
    CASE WHEN table_rows < 100 THEN 0 ELSE greatest(abs(round(sign(CAST(device_type__count_0 - (0.35 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_0 - (0.35 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.35 * lost) + CASE WHEN 0.35 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(device_type__count_1 - (0.55 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_1 - (0.55 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.55 * lost) + CASE WHEN 0.55 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(device_type__count_2 - (0.1 * device_type__counted) AS DOUBLE)) * greatest(abs(CAST(device_type__count_2 - (0.1 * device_type__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.1 * lost) + CASE WHEN 0.1 * lost > 0 THEN 2 ELSE 0 END), 0) END AS device_type__shares_of_rest,
    CASE WHEN table_rows < 5 THEN 0 ELSE round(sign(CAST(session_id__null__count - (CASE WHEN user_interactions_session_id_null > 0 THEN greatest(user_interactions_session_id_null * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(session_id__null__count - (CASE WHEN user_interactions_session_id_null > 0 THEN greatest(user_interactions_session_id_null * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) END AS session_id__null__rows_off,
    CAST(greatest(interaction_type__funnel_breaks - (3 * interaction_type__funnel_later_steps * (lost + interaction_type__funnel_damaged) / greatest(table_rows + lost, 1.0) + 5 * sqrt(3 * interaction_type__funnel_later_steps * (lost + interaction_type__funnel_damaged) / greatest(table_rows + lost, 1.0)) + CASE WHEN 3 * interaction_type__funnel_later_steps * (lost + interaction_type__funnel_damaged) / greatest(table_rows + lost, 1.0) > 0 THEN 2 ELSE 0 END), 0) AS DOUBLE) AS interaction_type__funnel_total,
    CAST(greatest( abs(interaction_type__count_1 / greatest(interaction_type__count_0, 1) - 0.15 / 0.7) - 1 / greatest(interaction_type__count_0, 1), abs(interaction_type__count_2 / greatest(interaction_type__count_1, 1) - 0.08 / 0.15) - 1 / greatest(interaction_type__count_1, 1)) AS DOUBLE) AS interaction_type__rates__bronze__total
  FROM counted
  CROSS JOIN rates
)
SELECT
  p.interaction_id,
  p.user_id,
  p.product_id,
  p.interaction_type,
  p.timestamp,
  p.rating,
  p.session_id,
  p.duration_seconds,
  p.referrer,
  p.device_type,
  p.session_seconds,
  p.interaction_id__type,
  p.interaction_id__family,
  p.user_id__type,
  p.user_id__family,
  p.product_id__type,
  p.product_id__family,
  p.interaction_type__type,
  p.interaction_type__family,
  p.timestamp__type,
  p.timestamp__family,
  p.rating__type,
  p.rating__family,
  p.session_id__type,
  p.session_id__family,
  p.duration_seconds__type,
  p.duration_seconds__family,
  p.referrer__type,
  p.referrer__family,
  p.device_type__type,
  p.device_type__family,
  coalesce(length(p.interaction_id), 0) AS interaction_id__length,
  coalesce(regexp_matches(p.interaction_id, '^INT-[0-9]{8,}$'), TRUE) AS interaction_id__pattern,
  coalesce(length(p.user_id), 0) AS user_id__length,
  coalesce(regexp_matches(p.user_id, '^(CUST|USER)-[0-9]{8,}$'), TRUE) AS user_id__pattern,
  coalesce(length(p.product_id), 0) AS product_id__length,
  coalesce(regexp_matches(p.product_id, '^PROD-[0-9]{8,}$'), TRUE) AS product_id__pattern,
  coalesce(length(p.interaction_type), 0) AS interaction_type__length,
  coalesce((p.timestamp >= TIMESTAMP '2023-01-01 00:00:00' AND p.timestamp <= TIMESTAMP '2025-11-15 23:59:59'), TRUE) AS timestamp__range,
  coalesce((p.rating IS NULL) = (interaction_type <> 'rating'), TRUE) AS rating__null_when,
  coalesce(length(p.session_id), 0) AS session_id__length,
  coalesce(regexp_matches(p.session_id, '^SESS-[0-9]{8,}$'), TRUE) AS session_id__pattern,
  coalesce((p.duration_seconds IS NULL) = (interaction_type <> 'view'), TRUE) AS duration_seconds__null_when,
  coalesce(length(p.referrer), 0) AS referrer__length,
  coalesce(length(p.device_type), 0) AS device_type__length,
  coalesce(p.interaction_type__step_1_so_far <= p.interaction_type__step_0_so_far AND p.interaction_type__step_2_so_far <= p.interaction_type__step_1_so_far, TRUE) AS interaction_type__funnel,
  coalesce(p.session_whole, TRUE) AS session_id__whole,
  coalesce(p.session_seconds <= 1800, TRUE) AS session_id__seconds,
  judged.rows__missing,
  judged.user_id__shares,
  judged.user_id__shares_of_rest,
  judged.interaction_type__shares,
  judged.interaction_type__shares_of_rest,
  judged.rating__shares,
  judged.rating__shares_of_rest,
  judged.referrer__shares,
  judged.referrer__shares_of_rest,
  judged.device_type__shares,
  judged.device_type__shares_of_rest,
  judged.session_id__null__rows_off,
  judged.interaction_type__funnel_total,
  judged.interaction_type__rates__bronze__total
FROM prepared AS p
CROSS JOIN judged
