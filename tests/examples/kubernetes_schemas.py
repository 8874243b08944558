"""Holds packaging/kubernetes/*.yaml against the schemas of Kubernetes (several
versions) and of the Prometheus Operator, and the generated rules against their
source. For the environment of tests/examples/check."""

import json
import pathlib
import re
import unittest

import jsonschema
import kubernetes_validate
import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDER = ROOT / "packaging" / "kubernetes"
VERSIONS = ("1.27", "1.30", "1.33", "1.37")


class OneOfEach(yaml.SafeLoader):
    """Refuses a key that is given twice, as the API server does."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise AssertionError(f"a key twice: {node.start_mark}")
        return super().construct_mapping(node, deep)


def documents():
    for path in sorted(FOLDER.glob("*.yaml")):
        for document in yaml.load_all(path.read_text(), OneOfEach):
            yield path.name, document


def strict(schema):
    """Unknown fields are errors, where a schema names fields."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: strict(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        schema.setdefault("additionalProperties", False)
    return schema


def operator_schema(kind):
    return strict(json.loads((HERE / "schemas" / f"{kind}.json").read_text()))


class Kubernetes(unittest.TestCase):

    def of_kind(self, *kinds):
        return [document for _, document in documents()
                if document["kind"] in kinds]

    def test_schemas(self):
        core = 0
        for name, document in documents():
            with self.subTest(name, kind=document["kind"]):
                if document["apiVersion"] == "monitoring.coreos.com/v1":
                    jsonschema.Draft202012Validator(
                        operator_schema(document["kind"])).validate(document)
                    continue
                core += 1
                for version in VERSIONS:
                    kubernetes_validate.validate(document, version, strict=True)
        self.assertEqual(core, 5)

    def test_the_schemas_refuse(self):
        """Else they would prove nothing."""
        for kind, path, value in (
                ("DaemonSet", ("spec", "template", "spec", "hostNet"), True),
                ("DaemonSet", ("spec", "selector"), 7),
                ("ServiceMonitor", ("spec", "endpoint"), []),
                ("ServiceMonitor", ("spec", "sampleLimit"), "many"),
                ("PrometheusRule", ("spec", "groups", 0, "rules", 0, "fro"), 1),
                ("PrometheusRule", ("spec", "groups", 0, "interval"), "soon")):
            document, = self.of_kind(kind)
            inner = document
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = value
            with self.subTest(kind, path=path), self.assertRaises(Exception):
                if kind == "DaemonSet":
                    kubernetes_validate.validate(document, VERSIONS[-1],
                                                 strict=True)
                else:
                    jsonschema.Draft202012Validator(
                        operator_schema(kind)).validate(document)

    def test_the_rules_are_those_of_the_project(self):
        expected = [group for path in sorted(
            (ROOT / "alerts" / "rules").glob("*.rules.yml"))
            for group in yaml.safe_load(path.read_text())["groups"]]
        rule, = self.of_kind("PrometheusRule")
        self.assertEqual(rule["spec"]["groups"], expected)

    def test_least_privilege(self):
        daemonset, = self.of_kind("DaemonSet")
        pod = daemonset["spec"]["template"]["spec"]
        container, = pod["containers"]
        context = container["securityContext"]
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertFalse(pod["hostPID"])
        self.assertFalse(pod["automountServiceAccountToken"])
        self.assertTrue(context["readOnlyRootFilesystem"])
        self.assertFalse(context["allowPrivilegeEscalation"])
        self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
        self.assertTrue(all(mount["readOnly"]
                            for mount in container["volumeMounts"]))

    def test_what_belongs_together(self):
        namespace = self.of_kind("Namespace")[0]["metadata"]["name"]
        daemonset, = self.of_kind("DaemonSet")
        service, = self.of_kind("Service")
        monitor, = self.of_kind("ServiceMonitor")
        labels = daemonset["spec"]["template"]["metadata"]["labels"]
        self.assertEqual(daemonset["spec"]["selector"]["matchLabels"], labels)
        self.assertEqual(service["spec"]["selector"], labels)
        self.assertEqual(monitor["spec"]["selector"]["matchLabels"],
                         service["metadata"]["labels"])
        for _, document in documents():
            if document["kind"] != "Namespace":
                self.assertEqual(document["metadata"]["namespace"], namespace)

    def test_the_job_is_that_of_the_rules(self):
        job, = set(re.findall(r'job="(\w+)"', "".join(
            path.read_text()
            for path in (ROOT / "alerts" / "rules").glob("*.yml"))))
        monitor, = self.of_kind("ServiceMonitor")
        self.assertIn({"action": "replace", "targetLabel": "job",
                       "replacement": job},
                      monitor["spec"]["endpoints"][0]["relabelings"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
