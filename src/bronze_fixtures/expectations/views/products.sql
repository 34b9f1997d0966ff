-- What the suites bronze/products and silver/products run on.
-- It reads: products. This is DuckDB's dialect; for others:
-- bronze-fixtures describe products --views --dialect postgres
WITH rates AS (
  SELECT
    CAST(0.03 AS DOUBLE) AS products_rating_avg_null,
    CAST(0.01 AS DOUBLE) AS products_margin_pct_negative
),
typed_products AS (
  SELECT
    TRY_CAST(product_id AS VARCHAR) AS product_id,
    TRY_CAST(product_name AS VARCHAR) AS product_name,
    TRY_CAST(category AS VARCHAR) AS category,
    TRY_CAST(subcategory AS VARCHAR) AS subcategory,
    TRY_CAST(brand AS VARCHAR) AS brand,
    TRY_CAST(price AS DECIMAL(10,2)) AS price,
    TRY_CAST(cost AS DECIMAL(10,2)) AS cost,
    TRY_CAST(margin_pct AS DECIMAL(5,2)) AS margin_pct,
    TRY_CAST(stock_quantity AS INTEGER) AS stock_quantity,
    TRY_CAST(supplier_id AS VARCHAR) AS supplier_id,
    TRY_CAST(created_at AS DATE) AS created_at,
    TRY_CAST(is_active AS BOOLEAN) AS is_active,
    TRY_CAST(rating_avg AS DECIMAL(3,2)) AS rating_avg,
    TRY_CAST(review_count AS INTEGER) AS review_count,
    typeof(product_id) = 'VARCHAR' AS product_id__type,
    regexp_matches(typeof(product_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS product_id__family,
    typeof(product_name) = 'VARCHAR' AS product_name__type,
    regexp_matches(typeof(product_name), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS product_name__family,
    typeof(category) = 'VARCHAR' AS category__type,
    regexp_matches(typeof(category), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS category__family,
    typeof(subcategory) = 'VARCHAR' AS subcategory__type,
    regexp_matches(typeof(subcategory), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS subcategory__family,
    typeof(brand) = 'VARCHAR' AS brand__type,
    regexp_matches(typeof(brand), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS brand__family,
    typeof(price) = 'DECIMAL(10,2)' AS price__type,
    regexp_matches(typeof(price), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AS price__family,
    typeof(cost) = 'DECIMAL(10,2)' AS cost__type,
    regexp_matches(typeof(cost), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AS cost__family,
    typeof(margin_pct) = 'DECIMAL(5,2)' AS margin_pct__type,
    regexp_matches(typeof(margin_pct), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AS margin_pct__family,
    typeof(stock_quantity) = 'INTEGER' AS stock_quantity__type,
    (regexp_matches(typeof(stock_quantity), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AND coalesce(TRY_CAST(stock_quantity AS DOUBLE) = round(TRY_CAST(stock_quantity AS DOUBLE)), TRUE)) AS stock_quantity__family,
    typeof(supplier_id) = 'VARCHAR' AS supplier_id__type,
    regexp_matches(typeof(supplier_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') AS supplier_id__family,
    typeof(created_at) = 'DATE' AS created_at__type,
    regexp_matches(typeof(created_at), '^(TIMESTAMP|DATE|.NULL.)') AS created_at__family,
    typeof(is_active) = 'BOOLEAN' AS is_active__type,
    regexp_matches(typeof(is_active), '^(BOOLEAN|.NULL.)$') AS is_active__family,
    typeof(rating_avg) = 'DECIMAL(3,2)' AS rating_avg__type,
    regexp_matches(typeof(rating_avg), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AS rating_avg__family,
    typeof(review_count) = 'INTEGER' AS review_count__type,
    (regexp_matches(typeof(review_count), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') AND coalesce(TRY_CAST(review_count AS DOUBLE) = round(TRY_CAST(review_count AS DOUBLE)), TRUE)) AS review_count__family
  FROM products
),
ids_by_shard AS (
  SELECT shard, count(*) AS shard_rows,
    max(number) - shard * 1000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(product_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(product_id, '-', 2) AS BIGINT) / 1000) AS shard
    FROM typed_products
  ) AS numbered
  GROUP BY shard
),
stepped AS (
  SELECT
    t.*,
    count(t.rating_avg) OVER (PARTITION BY floor(TRY_CAST(split_part(t.product_id, '-', 2) AS BIGINT) / 1000) ORDER BY length(t.product_id) DESC, t.product_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS rating_avg__there_later,
    t.created_at >= lag(t.created_at) OVER (PARTITION BY floor(TRY_CAST(split_part(t.product_id, '-', 2) AS BIGINT) / 1000) ORDER BY length(t.product_id), t.product_id, t.created_at) AS in_order,
    min(t.category) OVER (PARTITION BY t.brand) = max(t.category) OVER (PARTITION BY t.brand) AS brand_whole,
    CASE t.category WHEN 'Electronics' THEN (t.price - 50.00) / CAST(1950.00 AS DOUBLE) WHEN 'Clothing' THEN (t.price - 20.00) / CAST(280.00 AS DOUBLE) WHEN 'Home' THEN (t.price - 15.00) / CAST(485.00 AS DOUBLE) WHEN 'Books' THEN (t.price - 10.00) / CAST(40.00 AS DOUBLE) WHEN 'Sports' THEN (t.price - 25.00) / CAST(775.00 AS DOUBLE) END AS place
  FROM typed_products AS t
),
prepared AS (
  SELECT
    t.*,
    min(t.place) OVER (PARTITION BY t.category) AS low_end
  FROM stepped AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    sum(CASE WHEN TRUE THEN 1 ELSE 0 END) AS originals,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 1000) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    (SELECT coalesce(sum(gaps), 0) FROM ids_by_shard) AS gaps,
    (SELECT coalesce((CAST(1 AS DOUBLE) / 24) * sum(shard_rows) + 2, 0) FROM ids_by_shard) AS damaged_at_most,
    sum(CASE WHEN p.category IS NOT NULL THEN 1 ELSE 0 END) AS category__counted,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'Electronics' THEN 1 ELSE 0 END) AS category__count_0,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'Clothing' THEN 1 ELSE 0 END) AS category__count_1,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'Home' THEN 1 ELSE 0 END) AS category__count_2,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'Books' THEN 1 ELSE 0 END) AS category__count_3,
    sum(CASE WHEN p.category IS NOT NULL AND p.category = 'Sports' THEN 1 ELSE 0 END) AS category__count_4,
    (SELECT coalesce(least(coalesce(sum(gaps), 0) + 0.03 * sum(shard_rows), (CAST(1 AS DOUBLE) / 24) * sum(shard_rows) + 2), 0) FROM ids_by_shard) AS lost,
    sum(CASE WHEN p.is_active IS NOT NULL THEN 1 ELSE 0 END) AS is_active__counted,
    sum(CASE WHEN p.is_active IS NOT NULL AND p.is_active = TRUE THEN 1 ELSE 0 END) AS is_active__count_0,
    sum(CASE WHEN p.is_active IS NOT NULL AND p.is_active = FALSE THEN 1 ELSE 0 END) AS is_active__count_1,
    sum(CASE WHEN p.rating_avg IS NULL THEN 1 ELSE 0 END) AS rating_avg__null__count,
    sum(CASE WHEN p.margin_pct < 0 THEN 1 ELSE 0 END) AS margin_pct__negative__count,
    avg(p.place) AS price_place,
    max(p.low_end) AS highest_low_end
  FROM prepared AS p
),
judged AS (
  SELECT
    CAST(ceil(greatest(gaps - damaged_at_most, 0)) AS DOUBLE) AS rows__missing,
    greatest(abs(round(sign(CAST(category__count_0 - (0.25 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_0 - (0.25 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(category__count_1 - (0.25 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_1 - (0.25 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(category__count_2 - (0.2 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_2 - (0.2 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(category__count_3 - (0.15 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_3 - (0.15 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(category__count_4 - (0.15 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_4 - (0.15 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS category__shares,
    greatest(abs(round(sign(CAST(category__count_0 - (0.25 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_0 - (0.25 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.25 * lost) + CASE WHEN 0.25 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(category__count_1 - (0.25 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_1 - (0.25 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.25 * lost) + CASE WHEN 0.25 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(category__count_2 - (0.2 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_2 - (0.2 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.2 * lost) + CASE WHEN 0.2 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(category__count_3 - (0.15 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_3 - (0.15 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.15 * lost) + CASE WHEN 0.15 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(category__count_4 - (0.15 * category__counted) AS DOUBLE)) * greatest(abs(CAST(category__count_4 - (0.15 * category__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.15 * lost) + CASE WHEN 0.15 * lost > 0 THEN 2 ELSE 0 END), 0) AS category__shares_of_rest,
    greatest(abs(round(sign(CAST(is_active__count_0 - (0.9 * is_active__counted) AS DOUBLE)) * greatest(abs(CAST(is_active__count_0 - (0.9 * is_active__counted) AS DOUBLE)) - (shards - 1), 0), 6)), abs(round(sign(CAST(is_active__count_1 - (0.1 * is_active__counted) AS DOUBLE)) * greatest(abs(CAST(is_active__count_1 - (0.1 * is_active__counted) AS DOUBLE)) - (shards - 1), 0), 6))) AS is_active__shares,
    greatest(abs(round(sign(CAST(is_active__count_0 - (0.9 * is_active__counted) AS DOUBLE)) * greatest(abs(CAST(is_active__count_0 - (0.9 * is_active__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.9 * lost) + CASE WHEN 0.9 * lost > 0 THEN 2 ELSE 0 END), abs(round(sign(CAST(is_active__count_1 - (0.1 * is_active__counted) AS DOUBLE)) * greatest(abs(CAST(is_active__count_1 - (0.1 * is_active__counted) AS DOUBLE)) - (shards - 1), 0), 6)) - (5 * sqrt(0.1 * lost) + CASE WHEN 0.1 * lost > 0 THEN 2 ELSE 0 END), 0) AS is_active__shares_of_rest,
    CASE WHEN table_rows < 5 THEN 0 ELSE round(sign(CAST(rating_avg__null__count - (CASE WHEN products_rating_avg_null > 0 THEN greatest(products_rating_avg_null * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(rating_avg__null__count - (CASE WHEN products_rating_avg_null > 0 THEN greatest(products_rating_avg_null * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) END AS rating_avg__null__rows_off,
    CASE WHEN table_rows < 5 THEN 0 ELSE round(sign(CAST(margin_pct__negative__count - (CASE WHEN products_margin_pct_negative > 0 THEN greatest(products_margin_pct_negative * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(margin_pct__negative__count - (CASE WHEN products_margin_pct_negative > 0 THEN greatest(products_margin_pct_negative * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) END AS margin_pct__negative__rows_off,
    CAST(highest_low_end AS DOUBLE) AS price__low_end__bronze__total,
    CAST(price_place AS DOUBLE) AS price__skewed__total
  FROM counted
  CROSS JOIN rates
)
SELECT
  p.product_id,
  p.product_name,
  p.category,
  p.subcategory,
  p.brand,
  TRY_CAST(p.price AS DOUBLE) AS price,
  TRY_CAST(p.cost AS DOUBLE) AS cost,
  TRY_CAST(p.margin_pct AS DOUBLE) AS margin_pct,
  p.stock_quantity,
  p.supplier_id,
  TRY_CAST(p.created_at AS TIMESTAMP) AS created_at,
  p.is_active,
  TRY_CAST(p.rating_avg AS DOUBLE) AS rating_avg,
  p.review_count,
  p.product_id__type,
  p.product_id__family,
  p.product_name__type,
  p.product_name__family,
  p.category__type,
  p.category__family,
  p.subcategory__type,
  p.subcategory__family,
  p.brand__type,
  p.brand__family,
  p.price__type,
  p.price__family,
  p.cost__type,
  p.cost__family,
  p.margin_pct__type,
  p.margin_pct__family,
  p.stock_quantity__type,
  p.stock_quantity__family,
  p.supplier_id__type,
  p.supplier_id__family,
  p.created_at__type,
  p.created_at__family,
  p.is_active__type,
  p.is_active__family,
  p.rating_avg__type,
  p.rating_avg__family,
  p.review_count__type,
  p.review_count__family,
  coalesce(length(p.product_id), 0) AS product_id__length,
  coalesce(regexp_matches(p.product_id, '^PROD-[0-9]{8,}$'), TRUE) AS product_id__pattern,
  coalesce(length(p.product_name), 0) AS product_name__length,
  coalesce(length(p.category), 0) AS category__length,
  coalesce(length(p.subcategory), 0) AS subcategory__length,
  coalesce(CASE p.category WHEN 'Electronics' THEN p.subcategory IN ('Audio', 'Computers', 'Smartphones', 'Cameras', 'Wearables') WHEN 'Clothing' THEN p.subcategory IN ('Shirts', 'Trousers', 'Dresses', 'Outerwear', 'Footwear') WHEN 'Home' THEN p.subcategory IN ('Kitchen', 'Furniture', 'Bedding', 'Lighting', 'Garden') WHEN 'Books' THEN p.subcategory IN ('Fiction', 'Non-Fiction', 'Children', 'Cookbooks', 'Travel') WHEN 'Sports' THEN p.subcategory IN ('Fitness', 'Cycling', 'Camping', 'Team Sports', 'Water Sports') END, TRUE) AS subcategory__of_category,
  coalesce(length(p.brand), 0) AS brand__length,
  coalesce(CASE p.category WHEN 'Electronics' THEN (p.price >= 50.00 AND p.price <= 2000.00) WHEN 'Clothing' THEN (p.price >= 20.00 AND p.price <= 300.00) WHEN 'Home' THEN (p.price >= 15.00 AND p.price <= 500.00) WHEN 'Books' THEN (p.price >= 10.00 AND p.price <= 50.00) WHEN 'Sports' THEN (p.price >= 25.00 AND p.price <= 800.00) END, TRUE) AS price__of_category,
  CAST(CASE WHEN p.margin_pct < 0 THEN NULL ELSE p.cost END AS DOUBLE) AS cost__undamaged,
  CAST(CASE WHEN p.margin_pct < 0 THEN NULL ELSE p.margin_pct END AS DOUBLE) AS margin_pct__undamaged,
  coalesce(p.margin_pct < 0 OR CASE p.category WHEN 'Electronics' THEN (p.margin_pct >= 20.00 AND p.margin_pct <= 35.00) WHEN 'Clothing' THEN (p.margin_pct >= 35.00 AND p.margin_pct <= 50.00) WHEN 'Home' THEN (p.margin_pct >= 30.00 AND p.margin_pct <= 45.00) WHEN 'Books' THEN (p.margin_pct >= 25.00 AND p.margin_pct <= 40.00) WHEN 'Sports' THEN (p.margin_pct >= 25.00 AND p.margin_pct <= 45.00) END, TRUE) AS margin_pct__of_category_undamaged,
  coalesce(CASE p.category WHEN 'Electronics' THEN (p.margin_pct >= 20.00 AND p.margin_pct <= 35.00) WHEN 'Clothing' THEN (p.margin_pct >= 35.00 AND p.margin_pct <= 50.00) WHEN 'Home' THEN (p.margin_pct >= 30.00 AND p.margin_pct <= 45.00) WHEN 'Books' THEN (p.margin_pct >= 25.00 AND p.margin_pct <= 40.00) WHEN 'Sports' THEN (p.margin_pct >= 25.00 AND p.margin_pct <= 45.00) END, TRUE) AS margin_pct__of_category,
  coalesce(p.margin_pct = round(TRY_CAST((price - cost) / price * 100 AS DECIMAL(38, 12)), 2), TRUE) AS margin_pct__formula,
  coalesce(length(p.supplier_id), 0) AS supplier_id__length,
  coalesce(regexp_matches(p.supplier_id, '^SUP-[0-9]{8,}$'), TRUE) AS supplier_id__pattern,
  coalesce((p.created_at >= DATE '2018-01-01' AND p.created_at <= DATE '2025-11-15'), TRUE) AS created_at__range,
  coalesce(p.rating_avg IS NOT NULL OR p.rating_avg__there_later = 0, TRUE) AS rating_avg__null_is_latest,
  coalesce(p.in_order, TRUE) AS created_at__in_order,
  coalesce(p.brand_whole, TRUE) AS brand__one_category,
  coalesce(strpos(p.product_name, p.brand) > 0 AND length(p.product_name) > length(p.brand), TRUE) AS product_name__brand,
  coalesce(p.margin_pct >= 0 OR p.cost BETWEEN p.price * 1.01 - 0.01 AND p.price * 1.3 + 0.01, TRUE) AS cost__damaged__bronze,
  judged.rows__missing,
  judged.category__shares,
  judged.category__shares_of_rest,
  judged.is_active__shares,
  judged.is_active__shares_of_rest,
  judged.rating_avg__null__rows_off,
  judged.margin_pct__negative__rows_off,
  judged.price__low_end__bronze__total,
  judged.price__skewed__total
FROM prepared AS p
CROSS JOIN judged
