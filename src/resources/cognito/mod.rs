//! The Cognito family: pools of users, the programs that use them, and the domains of their pages.

pub(super) mod allowed;
mod domain;
mod pool;
mod pool_blocks;
mod pool_client;
mod pools_data;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use crate::aws::api::Pages;
use crate::aws::api::services::COGNITO;
use crate::aws::{Aws, Result};
use serde_json::{Value as Json, json};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<pool::AwsCognitoUserPool>(all);
    add::<pool_client::AwsCognitoUserPoolClient>(all);
    add::<domain::AwsCognitoUserPoolDomain>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<pools_data::AwsCognitoUserPools>(all);
}

/// How many a page may hold.
const PAGE: u32 = 60;

/// All pools, with their names and ids.
async fn pools(aws: &Aws) -> Result<Vec<Json>> {
    let pages = Pages("NextToken", "NextToken");
    aws.read.api.list(&COGNITO, "ListUserPools", json!({"MaxResults": PAGE}), pages, "UserPools").await
}
