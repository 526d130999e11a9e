//! aws_ec2_network_insights_path: between which two ends the reachability analyzer looks for a way.

use crate::resources::lookup::{filters, found, found_by, here, mirrored, one, read_as, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_network_insights_path::builders::CreateNetworkInsightsPathFluentBuilder as Create;
use aws_sdk_ec2::types::{
    FilterPortRange, NetworkInsightsPath as Path, PathFilter, PathRequestFilter, RequestFilterPortRange, ResourceType,
};

/// The resource type `aws_ec2_network_insights_path`.
pub struct AwsEc2NetworkInsightsPath;
/// The data source `aws_ec2_network_insights_path`.
pub struct NetworkInsightsPathData;

table! {
    Rows: Path, create Create {
        destination: Text [.force_new().normal(Normal::With(same_end))];
        destination_ip: Text [.force_new()];
        destination_port: Positive [.force_new()];
        filter_at_destination: OptionalBlock<Filtered>, read, create [.optional_computed().force_new()];
        filter_at_source: OptionalBlock<Filtered>, read, create [.optional_computed().force_new()];
        protocol: EnumCell [.required().force_new().check(|v| checks::one_of(v, &["tcp", "udp"]))];
        source: Text [.required().force_new().normal(Normal::With(same_end))];
        source_ip: Text [.force_new()];
        arn = network_insights_path_arn: Text, read [.computed()];
        destination_arn: Text, read [.computed()];
        source_arn: Text, read [.computed()];
    }
}

block! {
    Filtered: PathFilter => PathRequestFilter {
        destination_address: Text;
        destination_port_range: OptionalBlock<Ports>;
        source_address: Text;
        source_port_range: OptionalBlock<Ports>;
    }
    Ports: FilterPortRange => RequestFilterPortRange {
        from_port: Int;
        to_port: Int;
    }
}

/// An end is given by its ARN or its id.
fn same_end(wanted: &Value, now: &Value) -> bool {
    let id = |value: &Value| value.as_str().and_then(|text| text.rsplit('/').next().map(str::to_owned));
    id(wanted) == id(now)
}

impl Resource for AwsEc2NetworkInsightsPath {
    type Live = Path;

    fn spec() -> Spec<Path> {
        Spec::new(
            "aws_ec2_network_insights_path",
            |p: &Path| p.network_insights_path_id().map(Into::into),
            Rows::rows(),
        )
        .role(Role::NotServing("it only says what is analyzed"))
        .tags(|p| tags::read(p.tags()))
        .unique(&[])
        .recover(Recover::ClientToken)
    }

    /// The call has no filter by id.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Path>> {
        let filters = match which {
            Which::Ids([]) | Which::NaturalKey(_) => return Ok(Vec::new()),
            Which::Ids(_) => vec![Vec::new()],
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
        };
        let mut found = listed!(aws, describe_network_insights_paths, filters).await?;
        found.retain(|p| !matches!(which, Which::Ids(_)) || tags::meets(which, p.network_insights_path_id(), p.tags()));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_network_insights_path(), want).client_token(&token.0);
        let tags = tags::at_creation(ResourceType::NetworkInsightsPath, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.network_insights_path().and_then(Path::network_insights_path_id))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_network_insights_path().network_insights_path_id(id).send().await)
    }
}

const ID: &str = "network_insights_path_id";

impl DataSource for NetworkInsightsPathData {
    fn schema() -> Schema {
        let same = mirrored::<AwsEc2NetworkInsightsPath>(&[
            "arn",
            "destination",
            "destination_arn",
            "destination_ip",
            "destination_port",
            "filter_at_destination",
            "filter_at_source",
            "protocol",
            "source",
            "source_arn",
            "source_ip",
        ]);
        let own = [crate::resources::lookup::answer::<Text>("id")];
        schema("aws_ec2_network_insights_path", found_by(&[(ID, "")], same.into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut all = listed!(aws, describe_network_insights_paths, vec![filters(config, &[])]).await?;
        all.retain(|p| config.str(ID).is_none_or(|id| p.network_insights_path_id() == Some(id)));
        let path = one(all, "network insights path")?;
        let attrs = read_as::<AwsEc2NetworkInsightsPath>(&path);
        Ok(found(config, &aws, &attrs).with(ID, path.network_insights_path_id()))
    }
}
