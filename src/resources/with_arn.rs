//! An object of EC2 with its ARN, which the call that lists it leaves out.

use crate::aws::Aws;
use std::ops::Deref;

/// An object as listed, with its ARN.
pub struct WithArn<T> {
    object: T,
    arn: String,
}

impl<T> WithArn<T> {
    /// Objects with their ARNs, which end in `kind/id`.
    pub fn all(aws: &Aws, kind: &str, found: Vec<T>, id: fn(&T) -> Option<&str>) -> Vec<Self> {
        let mut all = Vec::new();
        for object in found {
            let arn = aws.ec2_arn(&format!("{kind}/{}", id(&object).unwrap_or_default()));
            all.push(WithArn { object, arn });
        }
        all
    }

    /// The ARN.
    pub fn arn(&self) -> &str {
        &self.arn
    }
}

impl<T> Deref for WithArn<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.object
    }
}
