//! Errors of AWS by their consequence: try again, look first, give up.

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The consequence of an error for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Too many calls: not executed, try again more slowly.
    Throttled,
    /// The object is not there.
    NotFound,
    /// Something else still needs the object, or it is busy with an earlier change: not executed, try
    /// again when that is over.
    Dependency,
    /// The object, or one like it, is there already.
    Exists,
    /// The credentials may not do this.
    Denied,
    /// No credentials, or expired ones.
    Credentials,
    /// The call never reached AWS: not executed.
    Unreachable,
    /// AWS may have executed it or not: look before doing anything.
    Ambiguous,
    /// Refused for its content; the same call again would be refused again.
    Refused,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The consequence.
    pub kind: Kind,
    /// AWS's error code, such as `InvalidSubnet.Conflict`; empty when there was no answer.
    pub code: String,
    /// AWS's message, or what went wrong on the way.
    pub message: String,
    /// AWS's request id, for their support; empty when there was no answer.
    pub request_id: String,
    /// The permission that the call needs, such as `ec2:CreateVpc`; empty when there was no answer.
    pub action: String,
}

/// The header by which the transport says which call an error answers.
pub const ACTION_HEADER: &str = "x-floorplan-action";

impl Error {
    /// An error of a kind without an answer of AWS.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error { kind, code: String::new(), message: message.into(), request_id: String::new(), action: String::new() }
    }

    /// AWS may have executed the call or not.
    pub fn ambiguous(message: impl Into<String>) -> Self {
        Error::new(Kind::Ambiguous, message)
    }

    /// An object that was looked for is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Error::new(Kind::NotFound, message)
    }

    /// A type that did not handle attributes of a change.
    pub fn unhandled(type_name: &str, attributes: &[&str]) -> Self {
        Error::new(Kind::Refused, format!("{type_name} cannot change {} in place", attributes.join(", ")))
    }

    /// The error about one of several objects in an answer that is a success as a whole.
    pub fn of_one(code: Option<&str>, message: Option<&str>) -> Self {
        let (code, message) = (code.unwrap_or_default(), message.unwrap_or_default());
        Error {
            kind: answered(code, message, false),
            code: code.into(),
            message: message.into(),
            request_id: String::new(),
            action: String::new(),
        }
    }

    /// The cure, where there is one.
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        match self.kind {
            Kind::Denied => Some(self.permission().into()),
            _ => self.fixed_hint().map(Cow::from),
        }
    }

    /// Which permission to ask for: the one that the message names, else that of the call.
    fn permission(&self) -> String {
        let named = self.message.split_once("not authorized to perform: ").map(|(_, rest)| rest);
        let words =
            |text: &str| text.split_whitespace().next().map(|word| word.trim_end_matches(['.', ',']).to_owned());
        let action = named.and_then(words).unwrap_or_else(|| self.action.clone());
        let resource = named.and_then(|rest| rest.split_once("on resource: ")).and_then(|(_, rest)| words(rest));
        match (action.is_empty(), resource) {
            (true, _) => "Ask for the permission that the message names.".into(),
            (false, Some(resource)) => format!("Ask for the permission {action} on {resource}."),
            (false, None) => format!("Ask for the permission {action}."),
        }
    }

    fn fixed_hint(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Credentials if self.is_expiry() => Some(
                "Renew the credentials, for example with `aws sso login`, and apply again: what was done is kept, and the rest is done then.",
            ),
            Kind::Refused if is_capacity(&self.code) => Some(
                "AWS has none left of it there now. Choose another instance type or Availability Zone, or apply again later.",
            ),
            Kind::Refused if is_quota(&self.code) => {
                Some("That is a quota of the account: ask for a higher one in Service Quotas, or make fewer of it.")
            }
            Kind::Credentials => Some(
                "Log in, for example with `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. To try without AWS, use --sandbox.",
            ),
            Kind::Ambiguous if self.is_answer() => Some(
                "AWS answered with a server error each time. Look at the AWS Health Dashboard, and apply again later: what was done is kept.",
            ),
            Kind::Unreachable => Some("Check the network, and AWS_ENDPOINT_URL if it is set."),
            Kind::Dependency if self.code.starts_with("InvalidDB") => Some(
                "The database may be in a state that it does not leave by itself, or something outside the layout may still use it.",
            ),
            Kind::Dependency => Some("Something outside the layout may still use the object."),
            Kind::Refused if self.message.starts_with("Cannot find version") => Some(
                "Give a version that exists, or only its beginning such as 8.0; data aws_rds_engine_version finds one.",
            ),
            _ => None,
        }
    }

    /// Whether the credentials were good once.
    fn is_expiry(&self) -> bool {
        const CODES: [&str; 4] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];
        CODES.contains(&self.code.as_str()) || (self.code.is_empty() && self.message.to_lowercase().contains("expired"))
    }

    /// Whether AWS said so, and not the network on the way.
    pub fn is_answer(&self) -> bool {
        !(self.code.is_empty() && self.action.is_empty())
    }

    /// Whether the object is not there.
    pub fn is_not_found(&self) -> bool {
        self.kind == Kind::NotFound
    }

    /// Whether the code is this one.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.code.is_empty() {
            write!(f, "{}: ", self.code)?;
        }
        f.write_str(&self.message)?;
        if self.kind == Kind::Denied && !self.action.is_empty() && !self.message.contains(&self.action) {
            write!(f, " The call was {}.", self.action)?;
        }
        if !self.request_id.is_empty() {
            write!(f, " (request id {})", self.request_id)?;
        }
        Ok(())
    }
}

impl StdError for Error {}

/// The codes for too many calls: not executed.
const THROTTLING: &[&str] = &[
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

/// The meaning of a code of AWS. EC2 API Reference, "Error codes"; the common errors of all services.
pub fn kind_of(code: &str) -> Kind {
    match code {
        _ if THROTTLING.contains(&code) => Kind::Throttled,
        "DependencyViolation"
        | "IncorrectState"
        | "InvalidIPAddress.InUse"
        | "OptimisticLockException"
        | "InvalidDBClusterStateFault"
        | "InvalidDBInstanceState"
        | "InvalidDBParameterGroupState"
        | "InvalidDBSubnetGroupStateFault"
        | "InvalidOptionGroupStateFault"
        | "SubnetAlreadyInUse"
        | "ResourceInUse"
        | "ResourceInUseException"
        | "ResourceInUseFault"
        | "AssociatedListenerFoundException"
        | "AssociatedEndpointGroupFoundException"
        | "TransactionInProgressException"
        | "LastDeliveryChannelDeleteFailedException"
        | "OperationAborted"
        | "ScalingActivityInProgress"
        | "WAFAssociatedItemException"
        | "WAFUnavailableEntityException"
        | "InvalidNetworkAcl.InUse"
        | "InvalidNetworkInterface.InUse"
        | "InvalidGroup.InUse"
        | "DeleteConflict" => Kind::Dependency,
        "AuthorizationError" | "AuthorizationErrorException" | "NotAuthorized" => Kind::Denied,
        _ if code.contains("AccessDenied") || code.contains("Unauthorized") => Kind::Denied,
        "AuthFailure"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidAccessKeyId"
        | "InvalidToken"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "OptInRequired"
        | "TokenRefreshRequired"
        | "InvalidClientTokenId"
        | "RequestExpired"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException" => Kind::Credentials,
        "InternalError" | "InternalFailure" | "ServiceUnavailable" | "Unavailable" | "RequestTimeout" => {
            Kind::Ambiguous
        }
        _ if code.ends_with("NotFound")
            || code.ends_with("NotFoundException")
            || code.ends_with("NotFoundFault")
            || code.ends_with("NotFoundError")
            || code.ends_with("DoesNotExist")
            || code.contains("NotFound.")
            || code.starts_with("NoSuch")
            || code == "WAFNonexistentItemException" =>
        {
            Kind::NotFound
        }
        _ if code.contains("AlreadyExists")
            || code.ends_with(".Duplicate")
            || code.contains("AlreadyAssociated")
            || code.contains("InvalidSubnet.Conflict")
            || code == "BucketAlreadyOwnedByYou"
            || code == "DuplicateListener"
            || code == "DuplicateLoadBalancerName"
            || code == "DuplicateTargetGroupName"
            || code == "PriorityInUse"
            || code == "ResourceExistsException"
            || code == "WAFDuplicateItemException" =>
        {
            Kind::Exists
        }
        _ => Kind::Refused,
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        match &error {
            SdkError::ServiceError(answer) => answer_of(answer.err().meta(), answer.raw()),
            SdkError::ConstructionFailure(_) => unanswered(&error, Kind::Refused),
            SdkError::DispatchFailure(failure) if failure.is_user() => unanswered(&error, Kind::Refused),
            _ => unanswered(&error, Kind::Ambiguous),
        }
    }
}

/// The error that a service answered.
fn answer_of(meta: &ErrorMetadata, raw: &HttpResponse) -> Error {
    let status = raw.status();
    let message = meta.message().unwrap_or_default();
    Error {
        kind: meta.code().map_or(Kind::Ambiguous, |code| answered(code, message, status.is_server_error())),
        code: meta.code().unwrap_or_default().into(),
        message: meta.message().map_or_else(|| unreadable(status.as_u16()), Into::into),
        request_id: meta.extra("aws_request_id").unwrap_or_default().into(),
        action: raw.headers().get(ACTION_HEADER).unwrap_or_default().into(),
    }
}

/// The error of a call that no answer came back for; `kind` where its causes do not say more.
fn unanswered(error: &(dyn StdError + 'static), kind: Kind) -> Error {
    let kind = if cause::<CredentialsError>(error).is_some() {
        Kind::Credentials
    } else if cause::<hyper_util::client::legacy::Error>(error).is_some_and(|e| e.is_connect()) {
        Kind::Unreachable
    } else {
        kind
    };
    Error::new(kind, chain(error))
}

/// The errors of services about a role, an instance profile or the principal of a policy that IAM made a
/// moment ago and they do not see yet: not there, whatever their code says.
const NOT_SEEN_YET: &[&str] = &[
    "Invalid IAM Instance Profile",
    "has no associated IAM Roles",
    "Unable to assume given IAM role",
    "cannot be assumed",
    "role ARN value is invalid or does not include the required permissions",
    "Invalid principal in policy",
    "PrincipalNotFound",
    "invalid principals",
    "unsupported principal",
];

/// The codes of services that have one for all that a caller does wrong, and how they say that something is not there.
const ONE_CODE: &[&str] = &["DirectConnectClientException"];
const NOT_THERE: &[&str] = &["does not exist", "is not found", "Could not find"];

/// The meaning of a code and its message in an answer whose status said that the server was (or was not)
/// at fault.
fn answered(code: &str, message: &str, server_at_fault: bool) -> Kind {
    match kind_of(code) {
        Kind::Refused if ONE_CODE.contains(&code) && NOT_THERE.iter().any(|words| message.contains(words)) => {
            Kind::NotFound
        }
        Kind::Refused if NOT_SEEN_YET.iter().any(|words| message.contains(words)) => Kind::NotFound,
        Kind::Refused if server_at_fault && !is_capacity(code) && !is_quota(code) => Kind::Ambiguous,
        kind => kind,
    }
}

/// Whether a code says that AWS or the subnet has no more of what was asked for: nothing was made, and the
/// same call would be answered the same for a while, though the status of the answer blames the server.
fn is_capacity(code: &str) -> bool {
    let few = code.starts_with("Insufficient") && (code.contains("Capacity") || code.contains("Address"));
    few || ["UnfulfillableCapacity", "SpotMaxPriceTooLow"].contains(&code)
}

/// Whether a code says that the account may not have more.
fn is_quota(code: &str) -> bool {
    let words = ["LimitExceeded", "QuotaExceeded", "CountExceeded", "LimitExceededFault"];
    !THROTTLING.contains(&code) && words.iter().any(|word| code.contains(word))
}

fn unreadable(status: u16) -> String {
    format!("the endpoint answered with HTTP status {status} and no error that AWS documents")
}

/// The first error of this type among an error and all that caused it.
fn cause<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(e) = next {
        if let Some(found) = e.downcast_ref() {
            return Some(found);
        }
        next = e.source();
    }
    None
}

/// Whether the body of an error answer says that there were too many calls.
pub fn is_throttling(body: &str) -> bool {
    THROTTLING.iter().any(|code| {
        body.match_indices(code).any(|(at, _)| {
            let before = body[..at].chars().next_back();
            let after = body[at + code.len()..].chars().next();
            !before.is_some_and(|c| c.is_ascii_alphanumeric()) && matches!(after, Some('<' | '"' | ':'))
        })
    })
}

/// The messages of an error and of all that caused it, each once.
fn chain(error: &dyn StdError) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(e) = next {
        let text = e.to_string();
        if !parts.iter().any(|p| p.contains(&text)) {
            parts.push(text);
        }
        next = e.source();
    }
    parts.join(": ")
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
