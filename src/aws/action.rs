//! Which call a request is: service, action, region and whose credentials, read from the signed
//! request itself, so that no call can forget to say. Knows the wire forms, not the services.

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
    /// The action, such as `DescribeVpcs`; the HTTP method where the API is REST.
    pub name: String,
}

impl Action {
    /// The action that `request` asks for.
    pub fn of(request: &HttpRequest) -> Self {
        let mut action = request.headers().get("authorization").map(scope).unwrap_or_default();
        action.name = name(request);
        action
    }

    /// Whether it changes nothing, by the verb of its name.
    pub fn is_read(&self) -> bool {
        const VERBS: [&str; 9] =
            ["Describe", "Get", "List", "Search", "Lookup", "AssumeRole", "Query", "Scan", "Batch"];
        let read = |verb: &&str| self.name.starts_with(*verb) && *verb != "Batch" || self.name.starts_with("BatchGet");
        self.name == "GET" || self.name == "HEAD" || VERBS.iter().any(read)
    }
}

/// Caller, region and service of an `Authorization` header: `… Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn scope(header: &str) -> Action {
    let credential = header.split_once("Credential=").map_or("", |(_, rest)| rest);
    let mut parts = credential.split(['/', ',']);
    let mut part = |skip: usize| parts.nth(skip).unwrap_or_default().to_owned();
    Action { caller: part(0), region: part(1), service: part(0), name: String::new() }
}

fn name(request: &HttpRequest) -> String {
    if let Some(target) = request.headers().get("x-amz-target") {
        return target.rsplit('.').next().unwrap_or(target).to_owned();
    }
    if let Some((_, operation)) = request.uri().split_once("/operation/") {
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
                name: "DescribeVpcs".into()
            }
        );
        let json = Action::of(&request(&[("x-amz-target", "DynamoDB_20120810.PutItem")], "{}"));
        assert_eq!((json.name.as_str(), json.is_read()), ("PutItem", false));
        assert_eq!(Action::of(&request(&[], "")).name, "GET");
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
