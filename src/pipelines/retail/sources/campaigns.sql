CREATE TABLE silver.campaigns (
  campaign_id BIGINT NOT NULL COMMENT 'Campaign number',
  campaign_date DATE NOT NULL COMMENT 'Day that the figures are of',
  campaign_name STRING COMMENT 'Name of the campaign',
  channel STRING COMMENT 'Marketing channel',
  impressions BIGINT COMMENT 'Times shown',
  clicks BIGINT COMMENT 'Clicks',
  conversions BIGINT COMMENT 'Purchases attributed',
  revenue_attributed DECIMAL(15,2) COMMENT 'Revenue attributed',
  cost DECIMAL(15,2) COMMENT 'Money spent',
  _updated_at TIMESTAMP COMMENT 'When the source last changed the row (UTC)',
  PRIMARY KEY (campaign_id, campaign_date)
)
COMMENT 'Marketing campaigns by day. Of several rows with one key the latest counts.'
TBLPROPERTIES (
  'source.optional' = 'true',
  'source.sequence_by' = '_updated_at'
);
