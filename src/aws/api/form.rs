//! The wire forms of AWS: a call as JSON or as a form, an answer as JSON or as XML. Both are JSON for the caller. Where
//! XML has a list, the caller names its element too: `Subnets.Subnet`.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use base64::prelude::{BASE64_STANDARD, Engine};
use md5::{Digest, Md5};
use roxmltree::{Document, Node};
use serde_json::{Map, Value as Json};

pub(super) const USER_AGENT: &str = "user-agent";
const AGENT: &str = concat!("floorplan/", env!("CARGO_PKG_VERSION"));
/// The part of the user agent before the name of a REST operation, which nothing else of the request says.
pub const OPERATION: &str = "op/";

/// How the calls of a service are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON, with this content type and this word before the operation in the header `X-Amz-Target`.
    Json(&'static str, &'static str),
    /// A form of names and values, for this version of the API; the answer is XML.
    Query(&'static str),
    /// JSON at a path of its own. Such an operation is `Name METHOD /path/{Member}?Member&Member`.
    Rest,
    /// The same with XML of this namespace, and for an account where the member `AccountId` names one. Of the input one
    /// member is left: the root of the XML. The answer has its root as a member, too.
    Xml(&'static str),
    /// That of S3 alone: headers, parameters and XML.
    S3,
}

/// A call before it is signed.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub(super) method: &'static str,
    pub(super) uri: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// The bucket that is a part of the address.
    pub(super) bucket: Option<String>,
}

/// The header that names the account of a call.
const ACCOUNT: &str = "x-amz-account-id";

impl Request {
    /// With members as XML and a sum of it, where there are some.
    pub(super) fn with_xml(mut self, namespace: &str, members: &Map<String, Json>) -> Self {
        let xmlns = format!(" xmlns=\"{namespace}\"");
        let xml: String = members.iter().map(|(name, value)| tag(name, &xmlns, value)).collect();
        if !xml.is_empty() {
            self.headers.push(("content-type".into(), "application/xml".into()));
            self.headers.push(("content-md5".into(), BASE64_STANDARD.encode(Md5::digest(&xml))));
            self.body = xml.into_bytes();
        }
        self
    }

    /// The account that the call is for, where it names one.
    pub fn account(&self) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == ACCOUNT).map(|(_, account)| account.as_str())
    }
}

/// The call of `operation` with the members of `input`.
pub fn request(form: Form, operation: &'static str, input: Json) -> Request {
    let post = |headers: Vec<(&str, String)>, body: String| {
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Request { method: "POST", uri: "/".into(), headers, body: body.into_bytes(), bucket: None }
    };
    match form {
        Form::Json(kind, target) => post(
            vec![("content-type", kind.into()), ("x-amz-target", format!("{target}.{operation}"))],
            present(input).to_string(),
        ),
        Form::Rest => rest(operation, input),
        Form::Xml(namespace) => xml(namespace, operation, input),
        Form::S3 => super::s3::request(operation, input, None),
        Form::Query(version) => {
            let mut pairs = vec![("Action".to_owned(), operation.to_owned()), ("Version".into(), version.into())];
            flatten("", &input, &mut pairs);
            let encode = |(name, value): &(String, String)| format!("{}={}", encoded(name), encoded(value));
            let kind = "application/x-www-form-urlencoded".to_owned();
            post(vec![("content-type", kind)], pairs.iter().map(encode).collect::<Vec<_>>().join("&"))
        }
    }
}

/// The members that are there: null is none.
pub(super) fn present(mut input: Json) -> Json {
    if let Some(members) = input.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    input
}

/// The name of an operation, without where it is.
pub fn name(operation: &'static str) -> &'static str {
    operation.split(' ').next().unwrap_or(operation)
}

/// The address of a call, and what is left of its members: those that the path names go there, and those after `?`,
/// or all of a call without a body, follow it.
fn placed(operation: &'static str, input: Json) -> (&'static str, String, Map<String, Json>) {
    let mut words = operation.split(' ').skip(1);
    let (method, place) = (words.next().unwrap_or("POST"), words.next().unwrap_or("/"));
    let (path, listed) = place.split_once('?').unwrap_or((place, ""));
    let Json::Object(mut members) = present(input) else { return placed(operation, Map::new().into()) };
    let mut uri = String::new();
    for part in path.split_inclusive('}') {
        let (fixed, label) = part.split_once('{').unwrap_or((part, ""));
        uri.push_str(fixed);
        let value = members.remove(label.trim_end_matches('}')).and_then(plain);
        uri.push_str(&encoded(&value.unwrap_or_default()));
    }
    let bare = is_bare(method);
    let names: Vec<String> = members.keys().filter(|n| bare || listed.split('&').any(|l| l == *n)).cloned().collect();
    let mut pairs = Vec::new();
    for name in names {
        let values = match members.remove(&name) {
            Some(Json::Array(all)) => all,
            one => one.into_iter().collect(),
        };
        pairs.extend(
            values.into_iter().filter_map(plain).map(|value| format!("{}={}", encoded(&name), encoded(&value))),
        );
    }
    if !pairs.is_empty() {
        uri = format!("{uri}?{}", pairs.join("&"));
    }
    (method, uri, members)
}

/// Whether a call has no body.
fn is_bare(method: &str) -> bool {
    ["GET", "DELETE", "HEAD"].contains(&method)
}

fn agent(operation: &'static str) -> (String, String) {
    (USER_AGENT.into(), format!("{AGENT} {OPERATION}{}", name(operation)))
}

fn rest(operation: &'static str, input: Json) -> Request {
    let (method, uri, members) = placed(operation, input);
    let bare = is_bare(method);
    let body = if bare { String::new() } else { Json::Object(members).to_string() };
    let kind = (!bare).then(|| ("content-type".to_owned(), "application/json".to_owned()));
    let headers = kind.into_iter().chain([agent(operation)]).collect();
    Request { method, uri, headers, body: body.into_bytes(), bucket: None }
}

/// The same with XML. AWS wants a sum of the body.
fn xml(namespace: &str, operation: &'static str, mut input: Json) -> Request {
    let account = input.as_object_mut().and_then(|members| members.remove("AccountId")).and_then(plain);
    let (method, uri, members) = placed(operation, input);
    let account = account.map(|account| (ACCOUNT.to_owned(), account));
    let headers = [agent(operation)].into_iter().chain(account).collect();
    Request { method, uri, headers, ..Request::default() }.with_xml(namespace, &members)
}

/// The attribute of an element that says which type it has, and the namespace of it.
const TYPE: &str = "xsi:type";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A value as an element of this name; a list is one per value.
fn tag(name: &str, attributes: &str, value: &Json) -> String {
    let content = match value {
        Json::Null => return String::new(),
        Json::Array(all) => return all.iter().map(|one| tag(name, attributes, one)).collect(),
        Json::Object(members) if members.contains_key(TYPE) => {
            let mut rest = members.clone();
            let kind = rest.shift_remove(TYPE).and_then(plain).unwrap_or_default();
            return tag(name, &format!("{attributes} xmlns:xsi=\"{XSI}\" {TYPE}=\"{kind}\""), &rest.into());
        }
        Json::Object(members) => members.iter().map(|(name, value)| tag(name, "", value)).collect(),
        Json::String(text) => {
            text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;")
        }
        other => other.to_string(),
    };
    format!("<{name}{attributes}>{content}</{name}>")
}

/// A member as text.
pub(super) fn plain(value: Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// The request as the transport takes it.
pub fn http(request: Request) -> Result<HttpRequest, BoxError> {
    let length = request.body.len().to_string();
    let mut http = HttpRequest::new(SdkBody::from(request.body));
    http.set_method(request.method)?;
    http.set_uri(request.uri)?;
    http.headers_mut().try_insert(USER_AGENT, AGENT)?;
    http.headers_mut().try_insert("content-length", length)?;
    for (name, value) in request.headers {
        http.headers_mut().try_insert(name, value)?;
    }
    Ok(http)
}

/// The names and values of a form: `A.B` for a member of a member, `A.1` for the first of several.
fn flatten(prefix: &str, value: &Json, pairs: &mut Vec<(String, String)>) {
    let below = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
    match value {
        Json::Null => {}
        Json::Object(members) => members.iter().for_each(|(name, value)| flatten(&below(name), value, pairs)),
        Json::Array(all) => {
            all.iter().zip(1_usize..).for_each(|(value, n)| flatten(&below(&n.to_string()), value, pairs));
        }
        Json::String(text) => pairs.push((prefix.to_owned(), text.clone())),
        other => pairs.push((prefix.to_owned(), other.to_string())),
    }
}

/// All but the characters that RFC 3986 leaves as they are.
pub(super) fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// The members of the answer in an XML text: those of the result, where there is one.
pub fn from_xml(text: &str) -> Option<Json> {
    let document = Document::parse(text).ok()?;
    let root = document.root_element();
    let result = root.children().find(|node| node.is_element() && node.tag_name().name().ends_with("Result"));
    Some(element(result.unwrap_or(root)))
}

/// The root of an XML text, as the one member of an answer.
pub fn rooted(text: &str) -> Option<Json> {
    let document = Document::parse(text).ok()?;
    let root = document.root_element();
    Some(Map::from_iter([(root.tag_name().name().to_owned(), element(root))]).into())
}

/// An element: its text, or its elements by name. Several of one name are a list.
fn element(node: Node<'_, '_>) -> Json {
    let mut members: Map<String, Json> = Map::new();
    if let Some(kind) = node.attribute((XSI, "type")) {
        members.insert(TYPE.into(), kind.into());
    }
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        let value = element(child);
        match members.get_mut(name) {
            Some(Json::Array(all)) => all.push(value),
            Some(one) => *one = Json::Array(vec![one.take(), value]),
            None => {
                members.insert(name.to_owned(), value);
            }
        }
    }
    if members.is_empty() { node.text().unwrap_or_default().into() } else { Json::Object(members) }
}

/// The member at a path of names; null is none.
pub fn member<'a>(answer: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(answer, |at, name| at.get(name)).filter(|found| !found.is_null())
}

/// The text of a member; a number or a bool is one, too.
pub fn member_text(answer: &Json, path: &str) -> Option<String> {
    match member(answer, path)? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(on) => Some(on.to_string()),
        _ => None,
    }
}

/// All values at a path. XML does not distinguish one value from a list of one.
pub fn items(answer: &Json, path: &str) -> Vec<Json> {
    match member(answer, path) {
        Some(Json::Array(all)) => all.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(made: &Request) -> &str {
        std::str::from_utf8(&made.body).unwrap()
    }

    #[test]
    fn a_form_names_members_and_counts_lists() {
        let input = json!({
            "Name": "a b", "Subnets": {"Id": ["s-1", "s-2"]}, "Tags": {"Tag": [{"Key": "k", "Value": "ü"}]}, "N": 5,
            "Left": null,
        });
        assert_eq!(
            body(&request(Form::Query("2015-02-02"), "Create", input)),
            "Action=Create&Version=2015-02-02&Name=a%20b&Subnets.Id.1=s-1&Subnets.Id.2=s-2&\
             Tags.Tag.1.Key=k&Tags.Tag.1.Value=%C3%BC&N=5"
        );
    }

    #[test]
    fn a_member_that_is_null_is_not_sent() {
        let made =
            request(Form::Json("application/x-amz-json-1.1", "Logs_1"), "Put", json!({"a": null, "b": {"c": 1}}));
        assert_eq!((made.uri.as_str(), body(&made)), ("/", r#"{"b":{"c":1}}"#));
    }

    #[test]
    fn a_rest_call_puts_each_member_where_it_belongs() {
        let operation = "AddPermission POST /2015-03-31/functions/{FunctionName}/policy?Qualifier";
        let input = json!({"FunctionName": "a/b", "Qualifier": "live", "Action": "x", "Left": null});
        let made = request(Form::Rest, operation, input);
        assert_eq!((made.method, made.uri.as_str()), ("POST", "/2015-03-31/functions/a%2Fb/policy?Qualifier=live"));
        assert_eq!(body(&made), r#"{"Action":"x"}"#);
        assert!(made.headers.iter().any(|(_, value)| value.ends_with("op/AddPermission")));
        let untag = json!({"arn": "arn:aws:x", "tagKeys": ["a", "b c"]});
        let made = request(Form::Rest, "UntagResource DELETE /tags/{arn}/all", untag);
        assert_eq!((made.method, body(&made)), ("DELETE", ""));
        assert_eq!(made.uri, "/tags/arn%3Aaws%3Ax/all?tagKeys=a&tagKeys=b%20c");
    }

    #[test]
    fn a_call_in_xml_names_its_account_in_a_header() {
        let input =
            json!({"AccountId": "123456789012", "Block": {"Acls": true, "Text": "a<b", "Of": [1, 2], "No": null}});
        let made = request(Form::Xml("http://x/"), "PutBlock PUT /v/block", input);
        assert_eq!((made.method, made.uri.as_str(), made.account()), ("PUT", "/v/block", Some("123456789012")));
        assert_eq!(
            body(&made),
            "<Block xmlns=\"http://x/\"><Acls>true</Acls><Text>a&lt;b</Text><Of>1</Of><Of>2</Of></Block>"
        );
        let made = request(Form::Xml("http://x/"), "SetPart POST /v/{Id}", json!({"Id": "a/b", "Part": {"On": true}}));
        assert_eq!((made.uri.as_str(), body(&made)), ("/v/a%2Fb", "<Part xmlns=\"http://x/\"><On>true</On></Part>"));
        let made = request(Form::Xml("http://x/"), "GetBlock GET /v/block", json!({"AccountId": "1"}));
        assert_eq!((made.uri.as_str(), body(&made), made.account()), ("/v/block", "", Some("1")));
        assert_eq!(
            rooted("<Block xmlns='http://x/'><Acls>true</Acls></Block>"),
            Some(json!({"Block": {"Acls": "true"}}))
        );
    }

    #[test]
    fn an_answer_in_xml_is_read_by_names() {
        let text = "<R xmlns='x'><CreateResult><Group><Name>g</Name><Subnets><Subnet><Id>1</Id></Subnet></Subnets>\
                    <Zones><Zone>a</Zone><Zone>b</Zone></Zones><Empty/></Group></CreateResult><Meta/></R>";
        let answer = from_xml(text).unwrap();
        assert_eq!(member_text(&answer, "Group.Name").as_deref(), Some("g"));
        assert_eq!(items(&answer, "Group.Subnets.Subnet"), [json!({"Id": "1"})]);
        assert_eq!(items(&answer, "Group.Zones.Zone"), [json!("a"), json!("b")]);
        assert_eq!(items(&answer, "Group.Missing.Zone"), Vec::<Json>::new());
        assert!(from_xml("<html>").is_none());
    }
}
