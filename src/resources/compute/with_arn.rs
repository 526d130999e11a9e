//! Objects that EC2 lists without their ARN.

use crate::aws::Aws;
use std::ops::Deref;

/// An object as listed, and its ARN.
pub struct WithArn<T> {
    object: T,
    arn: String,
}

impl<T> WithArn<T> {
    /// The object with this id, of the kind that its ARN names.
    pub fn new(aws: &Aws, kind: &str, id: fn(&T) -> Option<&str>, object: T) -> Self {
        let arn = aws.ec2_arn(&format!("{kind}/{}", id(&object).unwrap_or_default()));
        WithArn { object, arn }
    }

    /// Its ARN.
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
