"""Checks rendered manifests against the schemas of the newest three Kubernetes versions, unknown fields refused.

    check_schemas.py RENDERED.yaml …              every document must be valid, and none with a field spelled wrong
    check_schemas.py --misspelt RENDERED.yaml …   in every file, some document must be refused

JobSet and Kueue are no part of Kubernetes; their schemas are beside this file.
"""

import copy
import functools
import json
import pathlib
import sys

import jsonschema
import kubernetes_validate as kubernetes
import yaml
from kubernetes_validate import utils
from referencing import Registry, Resource

SCHEMAS = pathlib.Path(__file__).parent.parent / "schemas"
VERSIONS = list(dict.fromkeys(utils.all_versions()))[-3:]
# Keys of these are the user's, not the schema's.
FREE = {"labels", "annotations", "matchLabels", "data", "stringData", "selector", "limits", "requests", "$patch"}

utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)


@functools.lru_cache(maxsize=None)
def extension(kind, version):
    schema = json.loads((SCHEMAS / (kind.lower() + ".json")).read_text())
    definitions = utils.schema_contents(f"kubernetes-json-schema/v{version}-local-strict/_definitions.json", version)
    registry = Resource.from_contents(definitions) @ (Resource.from_contents(schema) @ Registry())
    return jsonschema.Draft202012Validator(schema, registry=registry)


def validate(document, version):
    if ".x-k8s.io/" in document["apiVersion"]:
        extension(document["kind"], version).validate(document)
    else:
        kubernetes.validate(document, version, strict=True)


def problem(document, version):
    """What is wrong with a document, or None."""
    try:
        validate(document, version)
        return None
    except (jsonschema.ValidationError, kubernetes.SchemaNotFoundError, OSError, KeyError) as e:
        return getattr(e, "message", str(e))


def fields(node, path=()):
    """The path of every field that a schema knows by its name."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield path + (key,)
            if key not in FREE or (key == "selector" and "matchLabels" in value):
                yield from fields(value, path + (key,))
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from fields(value, path + (i,))


def misspelt(document, path):
    document = copy.deepcopy(document)
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1] + "s"] = node.pop(path[-1])
    return document


def documents(file):
    return [document for document in yaml.safe_load_all(pathlib.Path(file).read_text()) if document]


def is_new(document, seen=set()):
    text = json.dumps(document, sort_keys=True)
    return text not in seen and not seen.add(text)


def check(file):
    count = 0
    for document in documents(file):
        name = f'{file}: {document["kind"]} {document["metadata"]["name"]}'
        for version in VERSIONS:
            wrong = problem(document, version)
            if wrong:
                sys.exit(f"{name} is not valid in Kubernetes {version}: {wrong}")
        for path in fields(document) if is_new(document) else ():
            if problem(misspelt(document, path), VERSIONS[-1]) is None:
                sys.exit(f"{name} is valid with {path} spelled wrong: this check checks nothing")
            count += 1
    return count


def main(arguments):
    if arguments[0] == "--misspelt":
        for file in arguments[1:]:
            found = [wrong for document in documents(file) for version in VERSIONS if (wrong := problem(document, version))]
            if not found:
                sys.exit(f"{file} was spelled wrong and is found valid")
            print(f"{file} is refused: {found[0]}")
        return
    for file in arguments:
        count = check(file)
        print(f"{file}: {len(documents(file))} documents valid in {', '.join(VERSIONS)}; {count} misspellings refused")


main(sys.argv[1:])
