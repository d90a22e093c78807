import type { PipelineFile } from '@/domain/pipeline/project'

const SOURCES = `
CREATE TABLE silver.lines (
  id BIGINT, sold DATE, customer BIGINT, product BIGINT, quantity INT, price DECIMAL(10,2), status STRING, changed TIMESTAMP,
  PRIMARY KEY (id)
) TBLPROPERTIES ('source.sequence_by' = 'changed');
CREATE TABLE silver.customers (customer BIGINT, segment STRING, changed TIMESTAMP, PRIMARY KEY (customer))
TBLPROPERTIES ('source.sequence_by' = 'changed');
CREATE TABLE silver.products (product BIGINT, category STRING, PRIMARY KEY (product));
`

/** What each dataset is, by its name: the statement after `CREATE OR REFRESH`. */
const DATASETS = {
  'gold.sales': `MATERIALIZED VIEW gold.sales (
    CONSTRAINT sold_something EXPECT (quantity > 0) ON VIOLATION DROP ROW,
    CONSTRAINT known EXPECT (segment IS NOT NULL),
    CONSTRAINT sales_key PRIMARY KEY (id)
  ) PARTITIONED BY (category) AS
  WITH latest_lines AS (
    SELECT id, sold, customer, product, quantity, price, status FROM silver.lines
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY changed DESC) = 1
  ),
  latest_customers AS (
    SELECT customer, segment FROM silver.customers
    QUALIFY row_number() OVER (PARTITION BY customer ORDER BY changed DESC) = 1
  ),
  segments AS (SELECT customer, segment FROM latest_customers WHERE segment <> 'hidden')
  SELECT line.id, line.sold, line.customer, line.quantity, line.status, buyer.segment, product.category,
    CAST(line.quantity * line.price AS DECIMAL(15,2)) AS amount
  FROM latest_lines AS line
  LEFT JOIN segments AS buyer ON buyer.customer = line.customer
  LEFT JOIN silver.products AS product ON product.product = line.product
  WHERE line.status IS DISTINCT FROM 'cancelled'`,
  'gold.shipped': `TEMPORARY VIEW shipped AS SELECT id, sold, segment, amount, customer FROM gold.sales WHERE status = 'shipped'`,
  'gold.daily': `MATERIALIZED VIEW gold.daily
  TBLPROPERTIES ('pipeline.key' = 'day, segment') AS
  SELECT sold AS day, segment, sum(amount) AS total, count(*) AS lines, max(id) AS last_line, count(DISTINCT customer) AS customers
  FROM shipped GROUP BY sold, segment`,
  'gold.regulars': `MATERIALIZED VIEW gold.regulars AS
  SELECT customer, sum(quantity) AS units, min(sold) AS first_day FROM gold.sales GROUP BY customer HAVING count(*) > 1`,
  'gold.checked': `MATERIALIZED VIEW gold.checked (CONSTRAINT checked_key PRIMARY KEY (id)) AS
  SELECT sale.id, sale.amount, day.total FROM gold.sales AS sale
  JOIN gold.daily AS day ON day.day = sale.sold AND day.segment <=> sale.segment`,
  'gold.totals': `MATERIALIZED VIEW gold.totals AS SELECT count(*) AS lines, sum(amount) AS amount FROM gold.sales`,
} as const

/** A small pipeline with every strategy of refresh. */
export const incrementalPipeline: PipelineFile[] = [
  {
    path: 'spark-pipeline.yml',
    text: 'name: small\nschema: gold\nlibraries:\n  - glob:\n      include: transformations/**\n',
  },
  ...SOURCES.split(';')
    .filter((text) => text.trim() !== '')
    .map((text, index) => ({ path: `sources/source_${index}.sql`, text })),
  ...Object.entries(DATASETS).map(([name, text]) => ({
    path: `transformations/${name.replace('.', '/')}.sql`,
    text: `${text.startsWith('TEMPORARY') ? 'CREATE' : 'CREATE OR REFRESH'} ${text};`,
  })),
]

const SALES = `
  SELECT line.id, line.sold, line.customer, line.quantity, line.status, buyer.segment, product.category,
    (line.quantity * line.price)::DECIMAL(15,2) AS amount
  FROM (SELECT DISTINCT ON (id) * FROM silver.lines ORDER BY id, changed DESC NULLS LAST) AS line
  LEFT JOIN (SELECT DISTINCT ON (customer) * FROM silver.customers ORDER BY customer, changed DESC NULLS LAST) AS buyer
    ON buyer.customer = line.customer AND buyer.segment <> 'hidden'
  LEFT JOIN silver.products AS product ON product.product = line.product
  WHERE coalesce(line.status, '') <> 'cancelled'`

/** What the stored tables shall hold, in DuckDB's SQL over the Silver tables as they are. */
export const incrementalReference = {
  'gold.sales': `SELECT * FROM (${SALES}) WHERE quantity > 0`,
  'gold.sales__quarantine': `SELECT * FROM (${SALES}) WHERE quantity > 0 IS NOT TRUE`,
  'gold.daily': `SELECT sold AS day, segment, sum(amount) AS total, count(*) AS lines, max(id) AS last_line,
    count(DISTINCT customer) AS customers
    FROM (${SALES}) WHERE quantity > 0 AND status = 'shipped' GROUP BY ALL`,
  'gold.regulars': `SELECT customer, sum(quantity)::BIGINT AS units, min(sold) AS first_day
    FROM (${SALES}) WHERE quantity > 0 GROUP BY customer HAVING count(*) > 1`,
  'gold.checked': `SELECT id, amount, (SELECT sum(other.amount) FROM (${SALES}) AS other
      WHERE other.sold = sale.sold AND other.segment IS NOT DISTINCT FROM sale.segment
        AND other.quantity > 0 AND other.status = 'shipped') AS total
    FROM (${SALES}) AS sale WHERE quantity > 0 AND EXISTS (SELECT 1 FROM (${SALES}) AS other
      WHERE other.sold = sale.sold AND other.segment IS NOT DISTINCT FROM sale.segment
        AND other.quantity > 0 AND other.status = 'shipped')`,
  'gold.totals': `SELECT count(*) AS lines, sum(amount) AS amount FROM (${SALES}) WHERE quantity > 0`,
} as const
