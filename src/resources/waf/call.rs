//! Calls of the SDK whose content is JSON both ways: its signing, limits, retries and errors, but not
//! its types, which do not know what they do not know and would lose it in a read and a write.

use crate::aws::{Error, Result};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value as Json;
use std::sync::{Arc, Mutex};

/// The answer of an operation that is sent with this body.
macro_rules! call {
    ($operation:expr, $body:expr) => {{
        let (body, answer) = ($body.to_string(), $crate::resources::waf::call::Answer::default());
        let carry = move |request: &mut _| $crate::resources::waf::call::carry(request, &body);
        $operation.customize().mutate_request(carry).interceptor(answer.clone()).send().await?;
        answer.take()
    }};
}
pub(super) use call;

/// Puts `body` in the place of what the SDK has written.
pub fn carry(request: &mut HttpRequest, body: &str) {
    request.headers_mut().insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
}

/// Keeps the answer of a call as it came.
#[derive(Debug, Clone, Default)]
pub struct Answer(Arc<Mutex<Vec<u8>>>);

impl Answer {
    /// The answer; one that says nothing is null.
    pub fn take(&self) -> Result<Json> {
        let bytes = self.0.lock().map(|bytes| bytes.clone()).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(Json::Null);
        }
        serde_json::from_slice(&bytes).map_err(|e| Error::ambiguous(format!("the answer is not JSON: {e}")))
    }
}

#[dyn_dispatch_hint]
impl Intercept for Answer {
    fn name(&self) -> &'static str {
        "Answer"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        if let (Some(bytes), Ok(mut kept)) = (context.response().body().bytes(), self.0.lock()) {
            *kept = bytes.to_vec();
        }
        Ok(())
    }
}
