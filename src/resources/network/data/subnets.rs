//! data aws_subnets: the ids of all subnets that match.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, filters, here, ids, lookup_rows, schema};
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};

/// The data source `aws_subnets`.
pub struct Subnets;

impl DataSource for Subnets {
    fn schema() -> Schema {
        let mut all = vec![Row::string("id").computed(), Row::string_list("ids").computed()];
        all.extend(lookup_rows());
        schema("aws_subnets", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let found = super::subnet::listed(&aws, filters(config, &[])).await?;
        Ok(ids(config, &aws, found.iter().filter_map(|s| s.subnet_id())))
    }
}
