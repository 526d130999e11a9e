//! The arguments of states that are kept elsewhere, by the kind of their place. What is asked of the place is in
//! `aws::objects` and `aws::documents`.

pub mod http;
pub mod s3;

pub use http::Http;
pub use s3::S3;
