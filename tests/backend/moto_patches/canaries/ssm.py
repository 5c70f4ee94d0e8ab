"""Canaries of the patches in ``moto_patches/ssm.py``."""

from contextlib import suppress

from moto import mock_aws

from .unpatched import client, fails


def a_missing_parameter_breaks_later_requests() -> bool:
    with mock_aws():
        ssm = client("ssm")
        with suppress(ssm.exceptions.ParameterNotFound):
            ssm.label_parameter_version(Name="missing", Labels=["x"])
        try:
            ssm.describe_parameters()
        except IndexError:
            return True
        return False


def a_name_with_a_colon_breaks_the_list() -> bool:
    with mock_aws():
        ssm = client("ssm")
        try:
            ssm.put_parameter(Name="a:b", Value="1", Type="String")
            ssm.describe_parameters()
        except AttributeError:
            return True
        return False


CANARIES = {
    "moto.ssm.models:SimpleSystemManagerBackend.put_parameter": a_name_with_a_colon_breaks_the_list,
    "moto.ssm.models:ParameterDict.__missing__": a_missing_parameter_breaks_later_requests,
    "moto.ssm.models:Document.__init__": fails(
        "ssm", "create_document", Name="doc", Content="text", DocumentFormat="YAML"
    ),
    "moto.ssm.models:SimpleSystemManagerBackend.get_patch_baseline_for_patch_group": fails(
        "ssm", "get_patch_baseline_for_patch_group", PatchGroup="g"
    ),
}
