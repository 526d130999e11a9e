"""Launch templates: a version may build on another, versions are deleted, and none is left out of a listing.

moto ignores the source of a version, keeps every version, cuts listings at 15 without saying so, and takes
the template's own tags for those of its instances.
"""

import copy

from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend, LaunchTemplateVersion
from moto.ec2.responses import EC2Response
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.ec2.utils import parse_user_data

from floorplan_sandbox.patch import adds, around, instead

# More than any listing holds; the pages are cut in paging.py.
EVERYTHING = 10**9


@around(LaunchTemplates, "_get_int_param")
def get_int_param(original, self, name, if_none=None):
    return EVERYTHING if name == "MaxResults" else original(self, name, if_none)


@around(LaunchTemplateVersion, "__init__")
def build(original, self, template, number, data, description):
    data = {name: value for name, value in (data or {}).items() if value is not None}
    if "UserData" in data and not isinstance(data["UserData"], Base64EncodedString):
        data["UserData"] = parse_user_data(data["UserData"])
    own = [spec for spec in data.get("TagSpecifications", []) if spec.get("ResourceType") != "launch-template"]
    data.pop("TagSpecifications", None)
    if own:
        data["TagSpecifications"] = own
    original(self, template, number, data, description)


@around(LaunchTemplate, "__init__")
def build_template(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    del self.tags


@around(LaunchTemplate, "create_version")
def create_version(original, self, data, description):
    # A deleted version's number is not given again.
    made = original(self, data, description)
    made.number = self.last_number = getattr(self, "last_number", 0) + 1
    return made


def tags(template):
    return template.get_tags()


LaunchTemplate.tags = property(tags, lambda self, value: None, lambda self: None)


@instead(LaunchTemplate, "get_version")
def get_version(self, num):
    wanted = str(num).lower()
    if wanted == "$latest":
        return self.versions[-1]
    if wanted == "$default":
        return self.default_version()
    for version in self.versions:
        if str(version.number) == wanted:
            return version
    message = f"Could not find the specified version {num} for the launch template with ID {self.id}."
    raise EC2ClientError("InvalidLaunchTemplateId.VersionNotFound", message)


@instead(LaunchTemplate, "default_version")
def default_version(self):
    return next(version for version in self.versions if version.number == self.default_version_number)


@around(LaunchTemplates, "create_launch_template_version")
def create_launch_template_version(original, self):
    source = self._get_param("SourceVersion")
    if source is None:
        return original(self)
    name, template_id = self._get_param("LaunchTemplateName"), self._get_param("LaunchTemplateId")
    if template_id:
        template = self.ec2_backend.get_launch_template(template_id)
    else:
        template = self.ec2_backend.get_launch_template_by_name(name)
    merged = copy.deepcopy(template.get_version(source).data)
    merged.update(self._get_param("LaunchTemplateData", {}) or {})
    version = template.create_version(merged, self._get_param("VersionDescription"))
    return ActionResult({"LaunchTemplateVersion": describe(template, version)})


def describe(template, version) -> dict:
    return {
        "CreateTime": version.create_time,
        "DefaultVersion": template.is_default(version),
        "LaunchTemplateData": version.data,
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionDescription": version.description,
        "VersionNumber": version.number,
    }


@around(LaunchTemplateBackend, "delete_launch_template")
def delete_launch_template(original, self, name, tid):
    if tid and tid not in self.launch_templates:
        raise EC2ClientError("InvalidLaunchTemplateId.NotFound", f"The launch template ID '{tid}' does not exist.")
    template = original(self, name, tid)
    self.tags.pop(template.id, None)
    return template


@adds(EC2Response, "delete_launch_template_versions")
def delete_launch_template_versions(self):
    name, template_id = self._get_param("LaunchTemplateName"), self._get_param("LaunchTemplateId")
    if template_id:
        template = self.ec2_backend.get_launch_template(template_id)
    else:
        template = self.ec2_backend.get_launch_template_by_name(name)
    gone, kept = [], []
    for number in self._get_param("Versions", []):
        row = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "VersionNumber": number}
        found = next((v for v in template.versions if str(v.number) == str(number)), None)
        if found is None:
            error = {"Code": "launchTemplateVersionDoesNotExist", "Message": f"Version {number} does not exist."}
            kept.append({**row, "ResponseError": error})
        elif template.is_default(found):
            error = {"Code": "unexpectedError", "Message": "The default version cannot be deleted."}
            kept.append({**row, "ResponseError": error})
        else:
            template.versions.remove(found)
            gone.append(row)
    result = {
        "SuccessfullyDeletedLaunchTemplateVersions": gone,
        "UnsuccessfullyDeletedLaunchTemplateVersions": kept,
    }
    return ActionResult(result)
