//! The answer of a service in any of its wire forms: its members, or the error that it names.

use super::form::{Form, from_xml, items, member, member_text, rooted};
use super::s3;
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use serde_json::{Map, Value as Json};
use std::error::Error as StdError;
use std::fmt;

/// An error that the service answers with.
#[derive(Debug)]
pub struct Fault(ErrorMetadata);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl StdError for Fault {}

impl ProvideErrorMetadata for Fault {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

/// The members of an answer, and its content where S3 answers.
pub fn read(form: Form, response: &HttpResponse) -> Result<(Json, Vec<u8>), OrchestratorError<Fault>> {
    let content = response.body().bytes().unwrap_or_default();
    let text = String::from_utf8_lossy(content);
    let parsed = match form {
        Form::Json(..) | Form::Rest | Form::Xml(_) if text.trim().is_empty() => Some(Json::Object(Map::new())),
        Form::Json(..) | Form::Rest => serde_json::from_str(&text).ok(),
        Form::Query(_) => from_xml(&text),
        Form::Xml(_) => rooted(&text),
        Form::S3 => Some(s3::members(response, &text)),
    };
    if !response.status().is_success() {
        // A question with HEAD has no answer that says why.
        let missing =
            (form == Form::S3 && content.is_empty() && response.status().as_u16() == 404).then_some("NotFound");
        return Err(OrchestratorError::operation(fault(response, parsed.as_ref(), missing)));
    }
    let content = if form == Form::S3 { content.to_vec() } else { Vec::new() };
    parsed
        .map(|members| (members, content))
        .ok_or_else(|| OrchestratorError::other("the answer is not in the form that the service documents"))
}

/// The error of Route 53 about a batch of changes has its code as its name, and a message for each change.
const NAMED: &str = "InvalidChangeBatch";
const BATCH: &str = "InvalidChangeBatch.Messages.Message";

/// Messages as one.
fn listed(all: Vec<Json>) -> String {
    all.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", ")
}

/// The code is in a header or in the body: `prefix#Code`, `Code:more`, or an element `Code`; else it is `otherwise`.
fn fault(response: &HttpResponse, body: Option<&Json>, otherwise: Option<&str>) -> Fault {
    let text = |names: &[&str]| body.and_then(|body| names.iter().find_map(|name| member_text(body, name)));
    let header = |name: &str| response.headers().get(name).map(str::to_owned);
    let code = header("x-amzn-errortype")
        .or_else(|| text(&["__type", "code", "Code", "Error.Code", "ErrorResponse.Error.Code", "Answer.Code"]))
        .or_else(|| body.and_then(|body| member(body, NAMED)).map(|_| NAMED.to_owned()))
        .or_else(|| otherwise.map(str::to_owned));
    let mut meta = ErrorMetadata::builder();
    if let Some(code) = code {
        let code = code.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default();
        meta = meta.code(code);
    }
    let messages =
        ["message", "Message", "errorMessage", "Error.Message", "ErrorResponse.Error.Message", "Answer.Message"];
    let of_batch = || body.map(|body| items(body, BATCH)).filter(|all| !all.is_empty()).map(listed);
    if let Some(message) = text(&messages).or_else(of_batch) {
        meta = meta.message(message);
    }
    let id = header("x-amzn-requestid").or_else(|| header("x-amz-request-id")).or_else(|| text(&["RequestId"]));
    if let Some(id) = id {
        meta = meta.custom("aws_request_id", id);
    }
    Fault(meta.build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;

    const JSON: Form = Form::Json("application/x-amz-json-1.0", "AmazonSQS");

    fn answered(form: Form, status: u16, body: &'static str) -> Result<Json, OrchestratorError<Fault>> {
        read(form, &HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))).map(|(members, _)| members)
    }

    /// Code, message and request id of an error.
    fn said(form: Form, status: u16, body: &'static str) -> [Option<String>; 3] {
        let error = answered(form, status, body).unwrap_err();
        let fault = error.as_operation_error().unwrap();
        [fault.code(), fault.message(), fault.meta().extra("aws_request_id")].map(|text| text.map(str::to_owned))
    }

    #[test]
    fn an_error_is_found_in_each_form() {
        let some = |text: &str| Some(text.to_owned());
        let json = r#"{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "gone"}"#;
        assert_eq!(said(JSON, 400, json), [some("QueueDoesNotExist"), some("gone"), None]);
        let xml = "<ErrorResponse><Error><Code>CacheSubnetGroupNotFoundFault</Code><Message>gone</Message></Error>\
                   <RequestId>r-1</RequestId></ErrorResponse>";
        let expected = [some("CacheSubnetGroupNotFoundFault"), some("gone"), some("r-1")];
        assert_eq!(said(Form::Query("v"), 404, xml), expected);
        assert_eq!(said(JSON, 500, "<html>"), [None, None, None]);
        let gone = "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>gone</Message></Error>";
        assert_eq!(said(Form::S3, 404, gone), [some("NoSuchKey"), some("gone"), None]);
        assert_eq!(said(Form::S3, 404, ""), [some("NotFound"), None, None]);
        let batch = "<InvalidChangeBatch><Messages><Message>a</Message><Message>b</Message></Messages>\
                     </InvalidChangeBatch>";
        assert_eq!(said(Form::Xml("v"), 400, batch), [some("InvalidChangeBatch"), some("a, b"), None]);
    }

    #[test]
    fn an_answer_without_a_body_has_no_members() {
        assert_eq!(answered(JSON, 200, "").unwrap(), Json::Object(Map::new()));
    }
}
