"""Fields by hand: of a CustomResourceDefinition, whose schemas `structural` reads, and selectors.

https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/
"""

from __future__ import annotations

from typing import Final

KINDS: Final = """\
apiextensions.k8s.io/v1 CustomResourceDefinition
"""
_FIELDS: Final = """\
CustomResourceConversion strategy:!s webhook:WebhookConversion
CustomResourceColumnDefinition description:s format:s jsonPath:!s name:!s priority:i type:!s
CustomResourceDefinition apiVersion:s kind:s metadata:ObjectMeta
 spec:!CustomResourceDefinitionSpec status:o
CustomResourceDefinitionNames categories:[s kind:!s listKind:s plural:!s shortNames:[s singular:s
CustomResourceDefinitionSpec conversion:CustomResourceConversion group:!s
 names:!CustomResourceDefinitionNames preserveUnknownFields:b scope:!s
 versions:![CustomResourceDefinitionVersion
CustomResourceDefinitionVersion additionalPrinterColumns:[CustomResourceColumnDefinition
 deprecated:b deprecationWarning:s name:!s schema:CustomResourceValidation
 selectableFields:[o@30 served:b storage:!b subresources:CustomResourceSubresources
CustomResourceSubresourceScale labelSelectorPath:s specReplicasPath:!s statusReplicasPath:!s
CustomResourceSubresources scale:CustomResourceSubresourceScale status:o
CustomResourceValidation openAPIV3Schema:JSONSchemaProps
MetricRequirement key:s operator:s values:[s
MetricSelector matchExpressions:[MetricRequirement matchLabels:{s
WebhookConversion clientConfig:WebhookClientConfig conversionReviewVersions:![s
"""
_SCHEMA: Final = (
    " $ref:s $schema:s additionalItems:o additionalProperties:{name}OrBool allOf:[JSONSchemaPart"
    " anyOf:[JSONSchemaPart default:o definitions:o dependencies:o description:s enum:[o example:o"
    " exclusiveMaximum:b exclusiveMinimum:b externalDocs:o format:s id:s items:{name} maxItems:l"
    " maxLength:l maxProperties:l maximum:n minItems:l minLength:l minProperties:l minimum:n"
    " multipleOf:n not:JSONSchemaPart nullable:b oneOf:[JSONSchemaPart pattern:s"
    " patternProperties:o properties:{{{name} required:[s title:s type:s uniqueItems:b"
    " x-kubernetes-embedded-resource:b x-kubernetes-int-or-string:b x-kubernetes-list-map-keys:[s"
    " x-kubernetes-list-type:s x-kubernetes-map-type:s x-kubernetes-preserve-unknown-fields:b"
    " x-kubernetes-validations:[o\n"
)
FIELDS: Final = _FIELDS + "".join(
    name + _SCHEMA.format(name=name.removesuffix("OrBool"))
    for name in (
        *("JSONSchemaPart", "JSONSchemaPartOrBool", "JSONSchemaProps", "JSONSchemaPropsOrBool"),
    )
)
"""As the tables of `fields`, whose letters they use.

A schema has the same fields everywhere. What is inside of `allOf`, `anyOf`, `oneOf` and `not` is a
part, of which less is asked. The selector of a metric is one of the metrics' own API: the server
takes any text in it.
"""
