//! Errors of real conversations: a small server answers, or loses the connection.

use super::*;
use crate::aws::api::services::{AUTOSCALING, KMS, RDS, S3};
use crate::aws::{Aws, ProviderSettings, connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The server's answer to a request for an action that is not STS's.
#[derive(Clone, Copy)]
enum Answer {
    /// Answers with this status and body.
    Says(u16, &'static str),
    /// Reads the request and closes the connection.
    Hangs,
    /// Begins an answer and closes the connection.
    Breaks,
}

const IDENTITY: &str = r#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws-cn:iam::123456789012:user/me</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"#;

/// A server on a free port; gives its URL.
async fn server(answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !complete(&request) {
                    let mut chunk = [0; 4096];
                    match stream.read(&mut chunk).await {
                        Ok(n) if n > 0 => request.extend_from_slice(&chunk[..n]),
                        _ => return,
                    }
                }
                let identity = String::from_utf8_lossy(&request).contains("GetCallerIdentity");
                let (status, body, length) = match answer {
                    _ if identity => (200, IDENTITY, IDENTITY.len()),
                    Answer::Says(status, body) => (status, body, body.len()),
                    Answer::Hangs => return,
                    Answer::Breaks => (200, "<CreateVpcResponse>", 1000),
                };
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            });
        }
    });
    url
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.to_lowercase().lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn settings(url: &str) -> ProviderSettings {
    ProviderSettings {
        region: Some("eu-west-1".into()),
        access_key: Some("key".into()),
        secret_key: Some("secret".into()),
        endpoint_url: Some(url.into()),
        max_retries: Some(0),
        ..ProviderSettings::default()
    }
}

async fn aws(answer: Answer) -> Aws {
    connect(&settings(&server(answer).await)).await.unwrap()
}

#[tokio::test]
async fn error_codes_are_classified_and_lost_answers_ambiguous() {
    let throttled = r#"<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Slow</Message></Error></Errors><RequestID>r-1</RequestID></Response>"#;
    let limit = r#"<Response><Errors><Error><Code>VpcLimitExceeded</Code><Message>Full</Message></Error></Errors><RequestID>r-2</RequestID></Response>"#;
    let strange = r#"<Response><Errors><Error><Code>Surprise</Code><Message>?</Message></Error></Errors><RequestID>r-3</RequestID></Response>"#;
    let table = [
        (Answer::Says(503, throttled), Kind::Throttled, "RequestLimitExceeded"),
        (Answer::Says(400, limit), Kind::Refused, "VpcLimitExceeded"),
        (Answer::Says(500, strange), Kind::Ambiguous, "Surprise"),
        (Answer::Says(500, "<html>oops</html>"), Kind::Ambiguous, ""),
        (Answer::Hangs, Kind::Ambiguous, ""),
        (Answer::Breaks, Kind::Ambiguous, ""),
    ];
    for (answer, kind, code) in table {
        let aws = aws(answer).await;
        let error = Error::from(aws.write.ec2.create_vpc().cidr_block("10.0.0.0/16").send().await.unwrap_err());
        assert_eq!((error.kind, error.code.as_str()), (kind, code), "{error}");
        assert_eq!(aws.calls().writes, 1, "a write is never repeated: {error}");
    }
}

#[tokio::test]
async fn a_throttling_answer_is_counted() {
    let body = r#"<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>"#;
    let aws = aws(Answer::Says(503, body)).await;
    aws.write.ec2.create_vpc().send().await.unwrap_err();
    let calls = aws.calls();
    assert_eq!(
        (calls.throttled, calls.by_action["ec2:CreateVpc"], calls.by_action["sts:GetCallerIdentity"]),
        (1, 1, 1)
    );
}

#[tokio::test]
async fn the_account_and_partition_are_those_of_the_credentials() {
    let aws = aws(Answer::Hangs).await;
    assert_eq!((&*aws.account, &*aws.partition), ("123456789012", "aws-cn"));
    let other = aws.for_region("cn-north-1");
    assert_eq!((&*other.region, &*other.account), ("cn-north-1", "123456789012"));
}

#[tokio::test]
async fn a_connection_refused_was_surely_not_executed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = connect(&settings(&url)).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unreachable, "{error}");
    assert!(error.message.contains("AWS_ENDPOINT_URL"), "{error}");
    let skipping = ProviderSettings { skip_requesting_account_id: true, ..settings(&url) };
    let aws = connect(&skipping).await.unwrap();
    let error = Error::from(aws.write.ec2.create_vpc().send().await.unwrap_err());
    assert_eq!(error.kind, Kind::Unreachable, "{error}");
}

#[tokio::test]
async fn a_wrong_account_and_half_a_key_are_refused_first() {
    let url = server(Answer::Hangs).await;
    let wrong = ProviderSettings { allowed_account_ids: vec!["1".into()], ..settings(&url) };
    assert!(connect(&wrong).await.unwrap_err().message.contains("123456789012"));
    let half = ProviderSettings { secret_key: None, ..settings(&url) };
    assert_eq!(connect(&half).await.unwrap_err().kind, Kind::Credentials);
}

#[tokio::test]
async fn a_profile_without_credentials_is_named() {
    let url = server(Answer::Hangs).await;
    let missing = ProviderSettings {
        access_key: None,
        secret_key: None,
        profile: Some("no-such-profile".into()),
        shared_config_files: vec!["/nonexistent".into()],
        shared_credentials_files: vec!["/nonexistent".into()],
        ..settings(&url)
    };
    let error = connect(&missing).await.unwrap_err();
    assert_eq!(error.kind, Kind::Credentials, "{error}");
    assert!(error.message.contains("no-such-profile"), "{error}");
}

#[test]
fn codes_have_kinds() {
    let table = [
        ("RequestLimitExceeded", Kind::Throttled),
        ("Throttling", Kind::Throttled),
        ("InvalidVpcID.NotFound", Kind::NotFound),
        ("InvalidSubnetID.NotFound", Kind::NotFound),
        ("NatGatewayNotFound", Kind::NotFound),
        ("InvalidAllocationID.NotFound", Kind::NotFound),
        ("InvalidRoute.NotFound", Kind::NotFound),
        ("InvalidVpcEndpointId.NotFound", Kind::NotFound),
        ("DependencyViolation", Kind::Dependency),
        ("InvalidDBInstanceState", Kind::Dependency),
        ("InvalidDBSubnetGroupStateFault", Kind::Dependency),
        ("DBSubnetGroupNotFoundFault", Kind::NotFound),
        ("DBInstanceNotFound", Kind::NotFound),
        ("DBSubnetGroupDoesNotCoverEnoughAZs", Kind::Refused),
        ("DBInstanceAlreadyExists", Kind::Exists),
        ("InvalidPermission.Duplicate", Kind::Exists),
        ("RouteAlreadyExists", Kind::Exists),
        ("Resource.AlreadyAssociated", Kind::Exists),
        ("UnauthorizedOperation", Kind::Denied),
        ("ExpiredToken", Kind::Credentials),
        ("InternalError", Kind::Ambiguous),
        ("InvalidParameterValue", Kind::Refused),
    ];
    for (code, kind) in table {
        assert_eq!(kind_of(code), kind, "{code}");
    }
}

#[test]
fn throttling_is_found_in_a_body_only_as_a_code() {
    assert!(is_throttling("<Code>Throttling</Code>"));
    assert!(is_throttling(r#"{"__type":"com.amazonaws#ThrottlingException"}"#));
    assert!(!is_throttling("<Message>Throttling is for others</Message>"));
}

#[test]
fn a_new_object_not_visible_yet_counts_as_not_found() {
    let kind = |code, message| Error::of_one(Some(code), Some(message)).kind;
    assert_eq!(kind("InvalidParameter", "Unable to assume given IAM role"), Kind::NotFound);
    assert_eq!(
        kind("MalformedPolicyDocument", "Invalid principal in policy: \"AWS\":\"arn:aws:iam::1:role/a\""),
        Kind::NotFound
    );
    assert_eq!(
        kind("InvalidParameterValue", "Value (web) is invalid. Invalid IAM Instance Profile name"),
        Kind::NotFound
    );
    assert_eq!(kind("InvalidParameter", "the interval is invalid"), Kind::Refused);
    assert_eq!(kind("DependencyViolation", "Invalid principal in policy"), Kind::Dependency);
}

#[tokio::test]
async fn a_lack_of_capacity_is_not_retried() {
    let codes = [
        "InsufficientInstanceCapacity",
        "InsufficientHostCapacity",
        "InsufficientAddressCapacity",
        "InsufficientFreeAddressesInSubnet",
        "InsufficientDBInstanceCapacity",
        "InsufficientVolumeCapacity",
        "UnfulfillableCapacity",
        "VcpuLimitExceeded",
        "MaxSpotInstanceCountExceeded",
    ];
    for status in [400, 500, 503] {
        for code in codes {
            let body = format!(
                "<Response><Errors><Error><Code>{code}</Code><Message>No</Message></Error></Errors></Response>"
            );
            let aws = aws(Answer::Says(status, String::leak(body))).await;
            let error = Error::from(aws.write.ec2.run_instances().send().await.unwrap_err());
            assert_eq!((error.kind, error.code.as_str()), (Kind::Refused, code), "{status} {error}");
            assert!(error.hint().is_some_and(|h| h.contains("again later") || h.contains("Service Quotas")), "{error}");
        }
    }
    assert_eq!(kind_of("RequestLimitExceeded"), Kind::Throttled);
}

#[tokio::test]
async fn a_missing_permission_names_the_action_and_the_resource() {
    let ec2 = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors></Response>";
    let denied = aws(Answer::Says(403, ec2)).await;
    let error = Error::from(denied.write.ec2.create_vpc().send().await.unwrap_err());
    assert_eq!(error.kind, Kind::Denied);
    assert!(error.to_string().contains("The call was ec2:CreateVpc."), "{error}");
    assert_eq!(error.hint().unwrap(), "Ask for the permission ec2:CreateVpc.");

    let query = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/a is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/web because no policy allows it</Message></Error></ErrorResponse>";
    let denied = aws(Answer::Says(403, query)).await;
    let create = denied.write.api.call(&AUTOSCALING, "CreateAutoScalingGroup", serde_json::json!({}));
    let error = create.await.unwrap_err();
    assert_eq!(error.hint().unwrap(), "Ask for the permission iam:PassRole on arn:aws:iam::1:role/web.");
    let error = denied.write.api.call(&RDS, "CreateDBInstance", serde_json::json!({})).await.unwrap_err();
    assert_eq!(error.action, "rds:CreateDBInstance");

    let json = r#"{"__type":"AccessDeniedException","Message":"no"}"#;
    let denied = aws(Answer::Says(400, json)).await;
    let error = denied.write.api.call(&KMS, "CreateKey", serde_json::json!({})).await.unwrap_err();
    assert_eq!((error.kind, error.action.as_str()), (Kind::Denied, "kms:CreateKey"));

    let s3 = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    let denied = aws(Answer::Says(403, s3)).await;
    let (logs, policy) = (serde_json::json!({"Bucket": "logs"}), Some(b"{}".to_vec()));
    let put = denied.write.api.exchange(&S3, "PutBucketPolicy PUT /?policy", logs.clone(), policy);
    let error = put.await.unwrap_err();
    assert_eq!(error.hint().unwrap(), "Ask for the permission s3:PutBucketPolicy.");
    let error = denied.write.api.call(&S3, "CreateBucket PUT /", logs).await.unwrap_err();
    assert_eq!(error.hint().unwrap(), "Ask for the permission s3:CreateBucket.");
}

#[tokio::test]
async fn expired_credentials_are_to_be_renewed() {
    for code in ["ExpiredToken", "ExpiredTokenException", "RequestExpired"] {
        let body =
            format!("<Response><Errors><Error><Code>{code}</Code><Message>Old</Message></Error></Errors></Response>");
        let aws = aws(Answer::Says(400, String::leak(body))).await;
        let error = Error::from(aws.write.ec2.create_vpc().send().await.unwrap_err());
        assert_eq!(error.kind, Kind::Credentials, "{error}");
        assert!(
            error.hint().is_some_and(|hint| hint.starts_with("Renew the credentials") && hint.contains("apply again"))
        );
    }
    let sso = Error::new(Kind::Credentials, "the SSO session has expired or is invalid");
    assert!(sso.hint().is_some_and(|hint| hint.contains("apply again")));
    let none = Error::new(Kind::Credentials, "there are none");
    assert!(none.hint().is_some_and(|hint| !hint.contains("apply again")));
}
