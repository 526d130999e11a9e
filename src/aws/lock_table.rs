//! The lock that Terraform takes in a table of DynamoDB, where a `backend "s3"` block names one (`dynamodb:PutItem`,
//! `dynamodb:GetItem`, `dynamodb:DeleteItem`). Floorplan takes it only while a state passes from Terraform or back.

use super::api::services::DYNAMODB;
use super::{Aws, Error};
use serde_json::{Value as Json, json};

/// Writes the lock of the state `id` (`BUCKET/KEY`); gives who has it already.
pub(super) async fn take(aws: &Aws, table: &str, id: &str, info: &str) -> Result<Option<String>, Error> {
    let item = json!({
        "TableName": table,
        "Item": { "LockID": { "S": id }, "Info": { "S": info } },
        "ConditionExpression": "attribute_not_exists(LockID)",
    });
    match aws.write.api.call(&DYNAMODB, "PutItem", item).await {
        Ok(_) => Ok(None),
        Err(e) if e.code == "ConditionalCheckFailedException" => {
            let key = json!({ "TableName": table, "Key": { "LockID": { "S": id } }, "ConsistentRead": true });
            let found = aws.read.api.call(&DYNAMODB, "GetItem", key).await?;
            let by = found.pointer("/Item/Info/S").and_then(Json::as_str).unwrap_or_default().to_owned();
            // Our own lock, whose answer was lost.
            Ok(Some(by).filter(|by| by != info))
        }
        Err(e) => Err(e),
    }
}

/// Removes the lock that this run took.
pub(super) async fn release(aws: &Aws, table: &str, id: &str, info: &str) -> Result<(), Error> {
    let item = json!({
        "TableName": table,
        "Key": { "LockID": { "S": id } },
        "ConditionExpression": "Info = :info",
        "ExpressionAttributeValues": { ":info": { "S": info } },
    });
    match aws.write.api.call(&DYNAMODB, "DeleteItem", item).await {
        Err(e) if e.code != "ConditionalCheckFailedException" => Err(e),
        _ => Ok(()),
    }
}
