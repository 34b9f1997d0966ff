-- What the suites bronze/support_tickets and silver/support_tickets run on.
-- It reads: support_tickets. This is DuckDB's dialect; for others:
-- bronze-fixtures describe support_tickets --views --dialect postgres
WITH typed_support_tickets AS (
  SELECT
    TRY_CAST(ticket_id AS VARCHAR) AS ticket_id,
    TRY_CAST(customer_id AS VARCHAR) AS customer_id,
    TRY_CAST(created_at AS TIMESTAMP) AS created_at,
    TRY_CAST(resolved_at AS TIMESTAMP) AS resolved_at,
    TRY_CAST(category AS VARCHAR) AS category,
    TRY_CAST(priority AS VARCHAR) AS priority,
    TRY_CAST(status AS VARCHAR) AS status,
    TRY_CAST(satisfaction_score AS INTEGER) AS satisfaction_score,
    TRY_CAST(resolution_time_hours AS DECIMAL(10,2)) AS resolution_time_hours,
    TRY_CAST(agent_id AS VARCHAR) AS agent_id,
    TRY_CAST(channel AS VARCHAR) AS channel,
    typeof(ticket_id) = 'VARCHAR' AS ticket_id__type,
    regexp_matches(typeof(ticket_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS ticket_id__family,
    typeof(customer_id) = 'VARCHAR' AS customer_id__type,
    regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS customer_id__family,
    typeof(created_at) = 'TIMESTAMP' AS created_at__type,
    regexp_matches(typeof(created_at), '^(TIMESTAMP|DATE|.NULL.)') AS created_at__family,
    typeof(resolved_at) = 'TIMESTAMP' AS resolved_at__type,
    regexp_matches(typeof(resolved_at), '^(TIMESTAMP|DATE|.NULL.)') AS resolved_at__family,
    typeof(category) = 'VARCHAR' AS category__type,
    regexp_matches(typeof(category), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS category__family,
    typeof(priority) = 'VARCHAR' AS priority__type,
    regexp_matches(typeof(priority), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS priority__family,
    typeof(status) = 'VARCHAR' AS status__type,
    regexp_matches(typeof(status), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS status__family,
    typeof(satisfaction_score) = 'INTEGER' AS satisfaction_score__type,
    (regexp_matches(typeof(satisfaction_score), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AND coalesce(TRY_CAST(satisfaction_score AS DOUBLE) = round(TRY_CAST(satisfaction_score AS DOUBLE)), TRUE)) AS satisfaction_score__family,
    typeof(resolution_time_hours) = 'DECIMAL(10,2)' AS resolution_time_hours__type,
    regexp_matches(typeof(resolution_time_hours), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AS resolution_time_hours__family,
    typeof(agent_id) = 'VARCHAR' AS agent_id__type,
    regexp_matches(typeof(agent_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS agent_id__family,
    typeof(channel) = 'VARCHAR' AS channel__type,
    regexp_matches(typeof(channel), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS channel__family
  FROM support_tickets
),
rows_by_shard AS (
  SELECT shard, count(*) AS shard_rows
  FROM (
    SELECT TRY_CAST(split_part(ticket_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(ticket_id, '-', 2) AS BIGINT) / 5000) AS shard
    FROM typed_support_tickets
  ) AS numbered
  GROUP BY shard
),
gaps_by_shard AS (
  SELECT shard, max(number) - shard * 5000 + 1 - count(DISTINCT number) AS gaps, count(*) AS rows_there
  FROM (
    SELECT TRY_CAST(split_part(ticket_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(ticket_id, '-', 2) AS BIGINT) / 5000) AS shard
    FROM typed_support_tickets
  ) AS numbered
  GROUP BY shard
),
prepared AS (
  SELECT
    t.*,
    t.created_at >= lag(t.created_at) OVER (PARTITION BY floor(TRY_CAST(split_part(t.ticket_id, '-', 2) AS BIGINT) / 5000) ORDER BY length(t.ticket_id), t.ticket_id, t.created_at) AS in_order
  FROM typed_support_tickets AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    sum(CASE WHEN TRUE THEN 1 ELSE 0 END) AS originals,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 5000) + 1, 1)), 1) FROM rows_by_shard) AS shards,
    (SELECT coalesce(sum(gaps), 0) FROM gaps_by_shard) AS gaps,
    (SELECT coalesce(0 * sum(rows_there) + 0, 0) FROM gaps_by_shard) AS gone_at_most,
    sum(CASE WHEN p.category IS NOT NULL THEN 1 ELSE 0 END) AS category__counted,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'product_issue' THEN 1 ELSE 0 END) AS category__count_0,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'billing' THEN 1 ELSE 0 END) AS category__count_1,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'shipping' THEN 1 ELSE 0 END) AS category__count_2,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'account' THEN 1 ELSE 0 END) AS category__count_3,
    sum(CASE WHEN p.priority IS NOT NULL THEN 1 ELSE 0 END) AS priority__counted,
    sum(CASE WHEN p.priority IS NOT NULL AND p.priority = 'low' THEN 1 ELSE 0 END) AS priority__count_0,
    sum(CASE WHEN p.priority IS NOT NULL AND p.priority = 'medium' THEN 1 ELSE 0 END) AS priority__count_1,
    sum(CASE WHEN p.priority IS NOT NULL AND p.priority = 'high' THEN 1 ELSE 0 END) AS priority__count_2,
    sum(CASE WHEN p.priority IS NOT NULL AND p.priority = 'critical' THEN 1 ELSE 0 END) AS priority__count_3,
    sum(CASE WHEN p.status IS NOT NULL THEN 1 ELSE 0 END) AS status__counted,
    sum(CASE WHEN p.status IS NOT NULL AND p.status = 'open' THEN 1 ELSE 0 END) AS status__count_0,
    sum(CASE WHEN p.status IS NOT NULL AND p.status = 'in_progress' THEN 1 ELSE 0 END) AS status__count_1,
    sum(CASE WHEN p.status IS NOT NULL AND p.status = 'resolved' THEN 1 ELSE 0 END) AS status__count_2,
    sum(CASE WHEN p.status IS NOT NULL AND p.status = 'closed' THEN 1 ELSE 0 END) AS status__count_3,
    sum(CASE WHEN p.satisfaction_score IS NOT NULL THEN 1 ELSE 0 END) AS satisfaction_score__counted,
    sum(CASE WHEN p.satisfaction_score IS NOT NULL AND p.satisfaction_score = 5 THEN 1 ELSE 0 END) AS satisfaction_score__count_0,
    sum(CASE WHEN p.satisfaction_score IS NOT NULL AND p.satisfaction_score = 4 THEN 1 ELSE 0 END) AS satisfaction_score__count_1,
    sum(CASE WHEN p.satisfaction_score IS NOT NULL AND p.satisfaction_score = 3 THEN 1 ELSE 0 END) AS satisfaction_score__count_2,
    sum(CASE WHEN p.satisfaction_score IS NOT NULL AND p.satisfaction_score = 2 THEN 1 ELSE 0 END) AS satisfaction_score__count_3,
    sum(CASE WHEN p.satisfaction_score IS NOT NULL AND p.satisfaction_score = 1 THEN 1 ELSE 0 END) AS satisfaction_score__count_4,
    sum(CASE WHEN p.channel IS NOT NULL THEN 1 ELSE 0 END) AS channel__counted,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'phone' THEN 1 ELSE 0 END) AS channel__count_0,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'email' THEN 1 ELSE 0 END) AS channel__count_1,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'chat' THEN 1 ELSE 0 END) AS channel__count_2,
    sum(CASE WHEN p.channel IS NOT NULL AND p.channel = 'self_service' THEN 1 ELSE 0 END) AS channel__count_3
  FROM prepared AS p
),
judged AS (
  SELECT
    CAST(ceil(greatest(gaps - gone_at_most, 0)) AS DOUBLE) AS rows__gone,
    greatest(abs(round(sign(CAST(category__count_0 - (0.4 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_0 - (0.4 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(category__count_1 - (0.25 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_1 - (0.25 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(category__count_2 - (0.2 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_2 - (0.2 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(category__count_3 - (0.15 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_3 - (0.15 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS category__shares,
    greatest(abs(round(sign(CAST(priority__count_0 - (0.4 * priority__counted) AS DOUBLE)) * greatest(abs(CAST(priority__count_0 - (0.4 * priority__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(priority__count_1 - (0.35 * priority__counted) AS DOUBLE)) * greatest(abs(CAST(priority__count_1 - (0.35 * priority__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(priority__count_2 - (0.2 * priority__counted) AS DOUBLE)) * greatest(abs(CAST(priority__count_2 - (0.2 * priority__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(priority__count_3 - (0.05 * priority__counted) AS DOUBLE)) * greatest(abs(CAST(priority__count_3 - (0.05 * priority__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS priority__shares,
    greatest(abs(round(sign(CAST(status__count_0 - (0.05 * status__counted) AS DOUBLE)) * greatest(abs(CAST(status__count_0 - (0.05 * status__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(status__count_1 - (0.1 * status__counted) AS DOUBLE)) * greatest(abs(CAST(status__count_1 - (0.1 * status__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(status__count_2 - (0.15 * status__counted) AS DOUBLE)) * greatest(abs(CAST(status__count_2 - (0.15 * status__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(status__count_3 - (0.7 * status__counted) AS DOUBLE)) * greatest(abs(CAST(status__count_3 - (0.7 * status__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS status__shares,
    greatest(abs(round(sign(CAST(satisfaction_score__count_0 - (0.3 * satisfaction_score__counted) AS DOUBLE)) * greatest(abs(CAST(satisfaction_score__count_0 - (0.3 * satisfaction_score__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(satisfaction_score__count_1 - (0.35 * satisfaction_score__counted) AS DOUBLE)) * greatest(abs(CAST(satisfaction_score__count_1 - (0.35 * satisfaction_score__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(satisfaction_score__count_2 - (0.2 * satisfaction_score__counted) AS DOUBLE)) * greatest(abs(CAST(satisfaction_score__count_2 - (0.2 * satisfaction_score__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(satisfaction_score__count_3 - (0.1 * satisfaction_score__counted) AS DOUBLE)) * greatest(abs(CAST(satisfaction_score__count_3 - (0.1 * satisfaction_score__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(satisfaction_score__count_4 - (0.05 * satisfaction_score__counted) AS DOUBLE)) * greatest(abs(CAST(satisfaction_score__count_4 - (0.05 * satisfaction_score__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS satisfaction_score__shares,
    greatest(abs(round(sign(CAST(channel__count_0 - (0.3 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_0 - (0.3 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(channel__count_1 - (0.35 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_1 - (0.35 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(channel__count_2 - (0.25 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_2 - (0.25 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(channel__count_3 - (0.1 * channel__counted) AS DOUBLE)) * greatest(abs(CAST(channel__count_3 - (0.1 * channel__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS channel__shares
  FROM counted
)
SELECT
  p.ticket_id,
  p.customer_id,
  p.created_at,
  p.resolved_at,
  p.category,
  p.priority,
  p.status,
  p.satisfaction_score,
  TRY_CAST(p.resolution_time_hours AS DOUBLE) AS resolution_time_hours,
  p.agent_id,
  p.channel,
  p.ticket_id__type,
  p.ticket_id__family,
  p.customer_id__type,
  p.customer_id__family,
  p.created_at__type,
  p.created_at__family,
  p.resolved_at__type,
  p.resolved_at__family,
  p.category__type,
  p.category__family,
  p.priority__type,
  p.priority__family,
  p.status__type,
  p.status__family,
  p.satisfaction_score__type,
  p.satisfaction_score__family,
  p.resolution_time_hours__type,
  p.resolution_time_hours__family,
  p.agent_id__type,
  p.agent_id__family,
  p.channel__type,
  p.channel__family,
  coalesce(length(p.ticket_id), 0) AS ticket_id__length,
  coalesce(regexp_matches(p.ticket_id, '^TKT-[0-9]{8,}$'), TRUE) AS ticket_id__pattern,
  coalesce(length(p.customer_id), 0) AS customer_id__length,
  coalesce(regexp_matches(p.customer_id, '^CUST-[0-9]{8,}$'), TRUE) AS customer_id__pattern,
  coalesce(p.created_at BETWEEN TIMESTAMP '2023-01-01 00:00:00' AND TIMESTAMP '2025-11-15 23:59:59', TRUE) AS created_at__range,
  coalesce((p.resolved_at IS NULL) = (status NOT IN ('resolved', 'closed')), TRUE) AS resolved_at__null_when,
  coalesce(p.resolved_at BETWEEN TIMESTAMP '2023-01-01 01:00:00' AND TIMESTAMP '2025-11-15 23:59:59', TRUE) AS resolved_at__range,
  coalesce(length(p.category), 0) AS category__length,
  coalesce(length(p.priority), 0) AS priority__length,
  coalesce(length(p.status), 0) AS status__length,
  coalesce((p.satisfaction_score IS NULL) = (status NOT IN ('resolved', 'closed')), TRUE) AS satisfaction_score__null_when,
  coalesce((p.resolution_time_hours IS NULL) = (status NOT IN ('resolved', 'closed')), TRUE) AS resolution_time_hours__null_when,
  coalesce(CASE p.priority WHEN 'low' THEN p.resolution_time_hours BETWEEN 24.00 AND 72.00 WHEN 'medium' THEN p.resolution_time_hours BETWEEN 12.00 AND 48.00 WHEN 'high' THEN p.resolution_time_hours BETWEEN 4.00 AND 24.00 WHEN 'critical' THEN p.resolution_time_hours BETWEEN 1.00 AND 8.00 END, TRUE) AS resolution_time_hours__of_priority,
  coalesce(length(p.agent_id), 0) AS agent_id__length,
  coalesce(regexp_matches(p.agent_id, '^AGENT-[0-9]{8,}$'), TRUE) AS agent_id__pattern,
  coalesce(length(p.channel), 0) AS channel__length,
  coalesce(p.in_order, TRUE) AS created_at__in_order,
  coalesce(date_diff('second', p.created_at, p.resolved_at) = CAST(round(p.resolution_time_hours * 3600) AS BIGINT), TRUE) AS resolved_at__formula,
  judged.rows__gone,
  judged.category__shares,
  judged.priority__shares,
  judged.status__shares,
  judged.satisfaction_score__shares,
  judged.channel__shares
FROM prepared AS p
CROSS JOIN judged
