//! Which call a request is: service, action, region and whose credentials, read from the signed
//! request itself, so that no call can forget to say. Knows the wire forms, not the services.

use super::api::OPERATION;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

/// One API action of one caller in one region: what AWS's limits count by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Action {
    /// The access key id that signs, empty when nothing is signed.
    pub caller: String,
    /// The region of the signature.
    pub region: String,
    /// The service as signatures name it, such as `ec2`.
    pub service: String,
    /// The action, such as `DescribeVpcs`; the HTTP method where an SDK speaks REST.
    pub name: String,
    /// The part of a bucket that is asked for, such as `policy`; empty for the bucket itself and where no REST is.
    pub part: String,
}

impl Action {
    /// The action that `request` asks for.
    pub fn of(request: &HttpRequest) -> Self {
        let mut action = request.headers().get("authorization").map(scope).unwrap_or_default();
        action.name = name(request);
        if action.name == request.method() {
            action.part = part(request.uri()).unwrap_or_default().to_owned();
        }
        action
    }

    /// The permission that it needs, as IAM names it.
    pub fn permission(&self) -> String {
        let service = match self.service.as_str() {
            "monitoring" => "cloudwatch",
            service => service,
        };
        match (self.service.as_str(), self.name.as_str()) {
            ("s3", "GET" | "HEAD" | "PUT" | "POST" | "DELETE") => format!("s3:{}", self.of_bucket()),
            (_, name) => format!("{service}:{name}"),
        }
    }

    /// The permission of a REST call to S3.
    fn of_bucket(&self) -> String {
        let verb = match self.name.as_str() {
            "GET" | "HEAD" => "Get",
            "DELETE" if self.part == "policy" => "Delete",
            _ => "Put",
        };
        let what = match (self.part.as_str(), verb) {
            ("", "Get") => return "ListBucket".into(),
            ("", _) if self.name == "DELETE" => return "DeleteBucket".into(),
            ("", _) => return "CreateBucket".into(),
            ("delete", _) => return "DeleteObject".into(),
            ("versions", _) => return "ListBucketVersions".into(),
            ("encryption", _) => "EncryptionConfiguration",
            ("lifecycle", _) => "LifecycleConfiguration",
            ("replication", _) => "ReplicationConfiguration",
            ("accelerate", _) => "AccelerateConfiguration",
            ("acl", _) => "BucketAcl",
            ("cors", _) => "BucketCORS",
            ("object-lock", _) => "BucketObjectLockConfiguration",
            (part, _) => return format!("{verb}Bucket{}", capitalised(part)),
        };
        format!("{verb}{what}")
    }

    /// Whether it changes nothing, by the verb of its name.
    pub fn is_read(&self) -> bool {
        const VERBS: [&str; 13] = [
            "Describe",
            "Get",
            "Head",
            "List",
            "Search",
            "Lookup",
            "AssumeRole",
            "Query",
            "Scan",
            "Batch",
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
        ];
        let read = |verb: &&str| self.name.starts_with(*verb) && *verb != "Batch" || self.name.starts_with("BatchGet");
        self.name == "GET" || self.name == "HEAD" || VERBS.iter().any(read)
    }
}

/// Caller, region and service of an `Authorization` header: `… Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn scope(header: &str) -> Action {
    let credential = header.split_once("Credential=").map_or("", |(_, rest)| rest);
    let mut parts = credential.split(['/', ',']);
    let mut part = |skip: usize| parts.nth(skip).unwrap_or_default().to_owned();
    Action { caller: part(0), region: part(1), service: part(0), ..Action::default() }
}

/// The parameter without a value that says what of a bucket is meant: `?policy`.
fn part(uri: &str) -> Option<&str> {
    let (_, query) = uri.split_once('?')?;
    let names = query.split('&').filter(|pair| !pair.starts_with("x-id"));
    names.map(|pair| pair.trim_end_matches('=')).find(|name| !name.is_empty() && !name.contains('='))
}

/// The name with each of its words, but for the first, begun as it is, and the first begun large.
fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn name(request: &HttpRequest) -> String {
    if let Some(target) = request.headers().get("x-amz-target") {
        return target.rsplit('.').next().unwrap_or(target).to_owned();
    }
    if let Some((_, operation)) = request.uri().split_once("/operation/") {
        return operation.to_owned();
    }
    let agent = request.headers().get("user-agent").unwrap_or_default();
    if let Some(operation) = agent.split(' ').find_map(|word| word.strip_prefix(OPERATION)) {
        return operation.to_owned();
    }
    let form =
        request.headers().get("content-type").is_some_and(|t| t.starts_with("application/x-www-form-urlencoded"));
    let body = request.body().bytes().filter(|_| form).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default();
    let action = body.split('&').find_map(|pair| pair.strip_prefix("Action="));
    action.unwrap_or(request.method()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;

    fn request(headers: &[(&'static str, &'static str)], body: &'static str) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::from(body));
        for (name, value) in headers {
            request.headers_mut().insert(*name, *value);
        }
        request
    }

    #[test]
    fn an_action_is_read_from_each_wire_form() {
        let auth = ("authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/ec2/aws4_request, Signed=x");
        let form = ("content-type", "application/x-www-form-urlencoded");
        let query = Action::of(&request(&[auth, form], "Action=DescribeVpcs&Version=2016-11-15"));
        assert_eq!(
            query,
            Action {
                caller: "AKID".into(),
                region: "eu-west-1".into(),
                service: "ec2".into(),
                name: "DescribeVpcs".into(),
                part: String::new(),
            }
        );
        let json = Action::of(&request(&[("x-amz-target", "DynamoDB_20120810.PutItem")], "{}"));
        assert_eq!((json.name.as_str(), json.is_read()), ("PutItem", false));
        let rest = Action::of(&request(&[("user-agent", "floorplan/1 op/CreateFunction")], "{}"));
        assert_eq!((rest.name.as_str(), rest.is_read()), ("CreateFunction", false));
        assert_eq!(Action::of(&request(&[], "")).name, "GET");
    }

    #[test]
    fn each_call_names_the_permission_that_it_needs() {
        let permission = |service: &str, name: &str, part: &str| {
            Action { service: service.into(), name: name.into(), part: part.into(), ..Action::default() }.permission()
        };
        assert_eq!(permission("ec2", "CreateVpc", ""), "ec2:CreateVpc");
        assert_eq!(permission("monitoring", "PutMetricAlarm", ""), "cloudwatch:PutMetricAlarm");
        assert_eq!(permission("s3", "PUT", ""), "s3:CreateBucket");
        assert_eq!(permission("s3", "PUT", "policy"), "s3:PutBucketPolicy");
        assert_eq!(permission("s3", "DELETE", "policy"), "s3:DeleteBucketPolicy");
        assert_eq!(permission("s3", "DELETE", "encryption"), "s3:PutEncryptionConfiguration");
        assert_eq!(permission("s3", "GET", "publicAccessBlock"), "s3:GetBucketPublicAccessBlock");
        assert_eq!(part("https://b.s3.amazonaws.com/?x-id=GetBucket&policy"), Some("policy"));
        assert_eq!(part("https://b.s3.amazonaws.com/?list-type=2"), None);
    }

    #[test]
    fn reads_and_writes_are_told_apart_by_the_verb() {
        let read = |name: &str| Action { name: name.into(), ..Action::default() }.is_read();
        for name in ["DescribeVpcs", "GetCallerIdentity", "ListTagsForResource", "BatchGetItem", "HEAD"] {
            assert!(read(name), "{name}");
        }
        for name in ["CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "BatchWriteItem", "PUT"] {
            assert!(!read(name), "{name}");
        }
    }
}
