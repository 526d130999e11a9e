//! Objects of other services in networks. Their lists have no filter for the network, and most leave the tags out: those are
//! asked for only of what no layout has.

use super::{Around, Look, Neighbour, list, of_a_service};
use crate::aws::api::services::{ELASTICACHE, ELB, LAMBDA, RDS};
use crate::aws::api::{Pages, Service, items, member, member_text};
use crate::aws::{Aws, Result, each};
use crate::resources::elb;
use futures::future::{BoxFuture, try_join3};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// How the listings of RDS and ElastiCache go on.
const MARKER: Pages = Pages("Marker", "Marker");

/// One list for each type.
pub(super) fn lists(around: Around<'_>) -> Vec<BoxFuture<'_, Look>> {
    vec![
        list("load balancers", balancers(around)),
        list("target groups", target_groups(around)),
        list("classic load balancers", classic_balancers(around)),
        list("databases", databases(around)),
        list("subnet groups of caches", cache_groups(around)),
        list("Lambda functions", functions(around)),
    ]
}

/// The members of a listed object that say where it is and what it is called.
struct Members {
    type_name: &'static str,
    id: &'static str,
    arn: &'static str,
    vpc: &'static str,
    name: &'static str,
}

impl Members {
    fn read(&self, object: &Json) -> Option<Neighbour> {
        let text = |path| member_text(object, path);
        let found = Neighbour::new(self.type_name, text(self.id).as_deref(), text(self.vpc).as_deref())?;
        Some(Neighbour { arn: text(self.arn), name: text(self.name), ..found })
    }
}

/// Of these objects those that are in one of the networks and not known.
fn strange(around: Around<'_>, all: &[Json], members: &Members) -> Vec<Neighbour> {
    all.iter().filter_map(|object| members.read(object)).filter(|object| around.concerns(object)).collect()
}

/// Without those that a service of AWS made, by the tags that a call gives for an ARN at this path.
async fn without_services(
    aws: &Aws,
    found: Vec<Neighbour>,
    (service, operation, argument): (&'static Service, &'static str, &'static str),
    is_of_service: fn(&Json) -> bool,
) -> Result<Vec<Neighbour>> {
    let kept = each(found, |object| async move {
        let answer = aws.read.api.call(service, operation, json!({argument: object.arn})).await?;
        Ok(Some(object).filter(|_| !is_of_service(&answer)))
    });
    Ok(kept.await?.into_iter().flatten().collect())
}

/// Whether a list of tags at `TagList.Tag` says that a service made the object.
fn tag_list(answer: &Json) -> bool {
    of_a_service(&items(answer, "TagList.Tag"))
}

async fn without_elb_services(aws: &Aws, found: Vec<Neighbour>) -> Result<Vec<Neighbour>> {
    let arns: Vec<String> = found.iter().filter_map(|object| object.arn.clone()).collect();
    let tags = elb::tags_of(aws, &arns).await?;
    let is_own = |object: &Neighbour| {
        let tags = object.arn.as_ref().and_then(|arn| tags.get(arn));
        tags.is_some_and(|tags| !of_a_service(tags))
    };
    Ok(found.into_iter().filter(is_own).collect())
}

async fn balancers(around: Around<'_>) -> Result<Vec<Neighbour>> {
    const MEMBERS: Members = Members {
        type_name: "aws_lb",
        id: "LoadBalancerArn",
        arn: "LoadBalancerArn",
        vpc: "VpcId",
        name: "LoadBalancerName",
    };
    let found = elb::balancers(around.aws).await?;
    without_elb_services(around.aws, strange(around, &found, &MEMBERS)).await
}

async fn target_groups(around: Around<'_>) -> Result<Vec<Neighbour>> {
    const MEMBERS: Members = Members {
        type_name: "aws_lb_target_group",
        id: "TargetGroupArn",
        arn: "TargetGroupArn",
        vpc: "VpcId",
        name: "TargetGroupName",
    };
    let found = elb::target_groups(around.aws).await?;
    without_elb_services(around.aws, strange(around, &found, &MEMBERS)).await
}

/// Their ids are names, and the call does not give their ARNs.
async fn classic_balancers(around: Around<'_>) -> Result<Vec<Neighbour>> {
    let aws = around.aws;
    let path = "LoadBalancerDescriptions.member";
    let pages = Pages("Marker", "NextMarker");
    let all = aws.read.api.list(&ELB, "DescribeLoadBalancers", json!({}), pages, path).await?;
    let read = |balancer: &Json| {
        let name = member_text(balancer, "LoadBalancerName")?;
        let arn = classic_arn(aws, &name);
        let found = Neighbour::new("aws_elb", Some(&name), member_text(balancer, "VPCId").as_deref())?;
        Some(Neighbour { arn: Some(arn), ..found.named(Some(&name)) })
    };
    let found: Vec<Neighbour> = all.iter().filter_map(read).filter(|object| around.concerns(object)).collect();
    let kept = each(found, |object| async move {
        let input = json!({"LoadBalancerNames": {"member": [object.id]}});
        let answer = aws.read.api.call(&ELB, "DescribeTags", input).await?;
        let of_service = of_a_service(&items(&answer, "TagDescriptions.member.Tags.member"));
        Ok(Some(object).filter(|_| !of_service))
    });
    Ok(kept.await?.into_iter().flatten().collect())
}

fn classic_arn(aws: &Aws, name: &str) -> String {
    format!("arn:{}:elasticloadbalancing:{}:{}:loadbalancer/{name}", aws.partition, aws.region, aws.account)
}

/// Databases, clusters of databases and their subnet groups. A cluster says the name of its group, which says the network.
async fn databases(around: Around<'_>) -> Result<Vec<Neighbour>> {
    let all = |operation, path| around.aws.read.api.list(&RDS, operation, json!({}), MARKER, path);
    let (groups, clusters, instances) = try_join3(
        all("DescribeDBSubnetGroups", "DBSubnetGroups.DBSubnetGroup"),
        all("DescribeDBClusters", "DBClusters.DBCluster"),
        all("DescribeDBInstances", "DBInstances.DBInstance"),
    )
    .await?;
    let engines: HashMap<String, String> = clusters
        .iter()
        .filter_map(|cluster| Some((member_text(cluster, "DBClusterIdentifier")?, member_text(cluster, "Engine")?)))
        .collect();
    let networks: HashMap<String, String> = groups
        .iter()
        .filter_map(|group| Some((member_text(group, "DBSubnetGroupName")?, member_text(group, "VpcId")?)))
        .collect();
    let is_own = |object: &Json| {
        let going = member_text(object, "DBInstanceStatus").or_else(|| member_text(object, "Status"));
        let engine = member_text(object, "Engine").unwrap_or_default();
        // Clusters of Neptune and DocumentDB are in these lists, too.
        let other = matches!(engine.as_str(), "neptune" | "docdb");
        going.as_deref() != Some("deleting") && !other && !of_a_service(&items(object, "TagList.Tag"))
    };
    let of_cluster = |cluster: &Json| {
        let id = member_text(cluster, "DBClusterIdentifier")?;
        let vpc = networks.get(&member_text(cluster, "DBSubnetGroup")?)?;
        let found = Neighbour::new("aws_rds_cluster", Some(&id), Some(vpc))?.named(Some(&id));
        Some(Neighbour { arn: member_text(cluster, "DBClusterArn"), ..found })
    };
    let of_instance = |instance: &Json| {
        let name = member_text(instance, "DBInstanceIdentifier")?;
        let vpc = member_text(instance, "DBSubnetGroup.VpcId");
        let (type_name, id) = match member_text(instance, "DBClusterIdentifier") {
            None => ("aws_db_instance", member_text(instance, "DbiResourceId")?),
            Some(cluster) => {
                // The cluster makes its members itself, or scaling does.
                let aurora = engines.get(&cluster).is_some_and(|engine| engine.starts_with("aurora"));
                if !aurora || name.starts_with("application-autoscaling-") {
                    return None;
                }
                ("aws_rds_cluster_instance", name.clone())
            }
        };
        let found = Neighbour::new(type_name, Some(&id), vpc.as_deref())?.named(Some(&name));
        Some(Neighbour { arn: member_text(instance, "DBInstanceArn"), ..found })
    };
    let mut found: Vec<Neighbour> = clusters.iter().filter(|c| is_own(c)).filter_map(of_cluster).collect();
    found.extend(instances.iter().filter(|i| is_own(i)).filter_map(of_instance));
    found.retain(|object| around.concerns(object));
    const GROUP: Members = Members {
        type_name: "aws_db_subnet_group",
        id: "DBSubnetGroupName",
        arn: "DBSubnetGroupArn",
        vpc: "VpcId",
        name: "DBSubnetGroupName",
    };
    let mut groups = strange(around, &groups, &GROUP);
    // The console makes these.
    groups.retain(|group| group.id != "default" && !group.id.starts_with("default-vpc-"));
    let tags = (&RDS, "ListTagsForResource", "ResourceName");
    found.extend(without_services(around.aws, groups, tags, tag_list).await?);
    Ok(found)
}

async fn cache_groups(around: Around<'_>) -> Result<Vec<Neighbour>> {
    const GROUP: Members = Members {
        type_name: "aws_elasticache_subnet_group",
        id: "CacheSubnetGroupName",
        arn: "ARN",
        vpc: "VpcId",
        name: "CacheSubnetGroupName",
    };
    let path = "CacheSubnetGroups.CacheSubnetGroup";
    let all = around.aws.read.api.list(&ELASTICACHE, "DescribeCacheSubnetGroups", json!({}), MARKER, path).await?;
    let mut groups = strange(around, &all, &GROUP);
    groups.retain(|group| group.id != "default");
    let tags = (&ELASTICACHE, "ListTagsForResource", "ResourceName");
    without_services(around.aws, groups, tags, tag_list).await
}

async fn functions(around: Around<'_>) -> Result<Vec<Neighbour>> {
    const FUNCTION: Members = Members {
        type_name: "aws_lambda_function",
        id: "FunctionName",
        arn: "FunctionArn",
        vpc: "VpcConfig.VpcId",
        name: "FunctionName",
    };
    let operation = "ListFunctions GET /2015-03-31/functions";
    let pages = Pages("Marker", "NextMarker");
    let all = around.aws.read.api.list(&LAMBDA, operation, json!({}), pages, "Functions").await?;
    let tags = (&LAMBDA, "ListTags GET /2017-03-31/tags/{Resource}", "Resource");
    let is_of_service = |answer: &Json| {
        let tags = member(answer, "Tags").and_then(Json::as_object);
        tags.is_some_and(|tags| tags.keys().any(|key| key.starts_with("aws:")))
    };
    without_services(around.aws, strange(around, &all, &FUNCTION), tags, is_of_service).await
}
