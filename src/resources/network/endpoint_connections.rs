//! aws_vpc_endpoint_connection_accepter, aws_vpc_endpoint_connection_notification and aws_vpc_endpoint_private_dns: that an
//! endpoint may connect to a service of one's own, who hears of it, and whether names lead to an endpoint.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_vpc_endpoint_connection_notification::builders::CreateVpcEndpointConnectionNotificationFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_vpc_endpoint::builders::ModifyVpcEndpointFluentBuilder as ModifyEndpoint;
use aws_sdk_ec2::operation::modify_vpc_endpoint_connection_notification::builders::ModifyVpcEndpointConnectionNotificationFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    ConnectionNotification, State, UnsuccessfulItem, VpcEndpoint, VpcEndpointConnection as Connection,
};

/// The resource type `aws_vpc_endpoint_connection_accepter`.
pub struct AwsVpcEndpointConnectionAccepter;
/// The resource type `aws_vpc_endpoint_connection_notification`.
pub struct AwsVpcEndpointConnectionNotification;
/// The resource type `aws_vpc_endpoint_private_dns`.
pub struct AwsVpcEndpointPrivateDns;

const SERVICE: &str = "vpc_endpoint_service_id";
const ENDPOINT: &str = "vpc_endpoint_id";

/// AWS writes the words of a state otherwise than its SDK.
fn state(state: Option<&State>) -> String {
    state.map(|s| s.as_str().to_ascii_lowercase()).unwrap_or_default()
}

/// Some calls answer with success and a list of what they did not do.
fn refused(items: &[UnsuccessfulItem]) -> Result<()> {
    match items.iter().find_map(|item| item.error()) {
        Some(error) => Err(Error::of_one(error.code(), error.message())),
        None => Ok(()),
    }
}

static KEY: Composite = Composite::new(&[SERVICE, ENDPOINT], "_");

table! {
    OfConnection: Connection {
        vpc_endpoint_id: Text, read [.required().force_new()];
        vpc_endpoint_service_id = service_id: Text, read [.required().force_new()];
        vpc_endpoint_state: EnumCell, read [.computed()];
    }
}

impl Resource for AwsVpcEndpointConnectionAccepter {
    type Live = Connection;

    fn spec() -> Spec<Connection> {
        Spec::composite("aws_vpc_endpoint_connection_accepter", &KEY, OfConnection::rows::<Connection>())
            .role(Role::Endpoint(Unjudged::All("endpoints")))
            .progress(|c| match state(c.vpc_endpoint_state()).as_str() {
                "pending" => Progress::Pending("pending".into()),
                _ => Progress::Ready,
            })
    }

    /// A connection that still waits, or was refused, is not accepted.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Connection>> {
        let filters = filtered("service-id", &which.parts(&KEY, SERVICE));
        let mut found = listed!(aws, describe_vpc_endpoint_connections, filters).await?;
        found.retain(|c| matches!(state(c.vpc_endpoint_state()).as_str(), "available" | "pending"));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.ec2.accept_vpc_endpoint_connections().set_service_id(want.string(SERVICE));
        let answer = call.set_vpc_endpoint_ids(want.string(ENDPOINT).map(|id| vec![id])).send().await?;
        refused(answer.unsuccessful())?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.reject_vpc_endpoint_connections().set_service_id(last.string(SERVICE));
        let answer = call.set_vpc_endpoint_ids(last.string(ENDPOINT).map(|id| vec![id])).send().await?;
        refused(answer.unsuccessful())
    }
}

table! {
    OfNotice: ConnectionNotification, create Create, modify Modify {
        connection_events: Texts, read, create, modify [.required()];
        connection_notification_arn: Text, read, create, modify [.required()];
        vpc_endpoint_id: Text [.force_new()];
        vpc_endpoint_service_id = service_id: Text [.force_new()];
        notification_type = connection_notification_type: EnumCell, read [.computed()];
        state = connection_notification_state: EnumCell, read [.computed()];
    }
}

impl Resource for AwsVpcEndpointConnectionNotification {
    type Live = ConnectionNotification;

    fn spec() -> Spec<ConnectionNotification> {
        let id = |n: &ConnectionNotification| n.connection_notification_id().map(Into::into);
        Spec::new("aws_vpc_endpoint_connection_notification", id, OfNotice::rows())
            .role(Role::NotServing("it reports connections"))
            .unique(&[])
            .recover(Recover::ClientToken)
            .exactly_one(&[&[ENDPOINT, SERVICE]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<ConnectionNotification>> {
        let filters = tags::filters(which, "connection-notification-id", &[("connection-notification-id", "id")]);
        listed!(aws, describe_vpc_endpoint_connection_notifications, filters).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = OfNotice::create(aws.write.ec2.create_vpc_endpoint_connection_notification(), want);
        let answer = call.client_token(&token.0).send().await?;
        made(answer.connection_notification().and_then(|n| n.connection_notification_id()))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = aws.write.ec2.modify_vpc_endpoint_connection_notification().connection_notification_id(id);
        if let Some(call) = OfNotice::modify(call, change) {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_vpc_endpoint_connection_notifications().connection_notification_ids(id);
        refused(call.send().await?.unsuccessful())
    }
}

table! {
    OfNames: VpcEndpoint, modify ModifyEndpoint {
        private_dns_enabled: Flag, read, modify [.required()];
        vpc_endpoint_id: Text, read [.required().force_new()];
    }
}

impl Resource for AwsVpcEndpointPrivateDns {
    type Live = VpcEndpoint;

    fn spec() -> Spec<VpcEndpoint> {
        let id = |e: &VpcEndpoint| e.vpc_endpoint_id().map(Into::into);
        Spec::new("aws_vpc_endpoint_private_dns", id, OfNames::rows())
            .role(Role::Settings(Unjudged::All("names of endpoints")))
            .unique(&[&[ENDPOINT]])
            .recover(Recover::Key)
            .id_from(|attrs| attrs.string(ENDPOINT))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<VpcEndpoint>> {
        let mut found = listed!(aws, describe_vpc_endpoints, filtered("vpc-endpoint-id", &which.by(ENDPOINT))).await?;
        found.retain(|e| !matches!(state(e.state()).as_str(), "deleting" | "deleted"));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.ec2.modify_vpc_endpoint().set_vpc_endpoint_id(want.string(ENDPOINT));
        call.set_private_dns_enabled(Flag::changed(want, "private_dns_enabled")).send().await?;
        made(want.str(ENDPOINT))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(call) = OfNames::modify(aws.write.ec2.modify_vpc_endpoint().vpc_endpoint_id(id), change) {
            call.send().await?;
        }
        Ok(())
    }

    /// The names stay as they are.
    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}
