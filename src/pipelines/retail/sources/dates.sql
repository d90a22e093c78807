CREATE TABLE silver.dates (
  date_id INT NOT NULL COMMENT 'date as yyyymmdd',
  date DATE COMMENT 'Calendar day',
  year INT COMMENT 'Calendar year',
  quarter INT COMMENT 'Calendar quarter, 1 to 4',
  month INT COMMENT 'Calendar month, 1 to 12',
  day_of_week STRING COMMENT 'English name of the weekday',
  day_of_week_num INT COMMENT 'ISO weekday, Monday 1 to Sunday 7',
  is_weekend BOOLEAN COMMENT 'Saturday or Sunday',
  PRIMARY KEY (date_id)
)
COMMENT 'The calendar of the source; gold_common.dim_date is compared with it.'
TBLPROPERTIES (
  'source.optional' = 'true'
);
