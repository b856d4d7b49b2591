"""Fields by hand: of a CustomResourceDefinition, whose schemas `structural` reads, and selectors.

https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/
"""

from __future__ import annotations

from typing import Final

KINDS: Final = """\
apiextensions.k8s.io/v1 CustomResourceDefinition
"""
FIELDS: Final = """\
CustomResourceColumnDefinition description:s format:s jsonPath:!s name:!s priority:i type:!s
CustomResourceDefinition apiVersion:s kind:s metadata:ObjectMeta
 spec:!CustomResourceDefinitionSpec status:o
CustomResourceDefinitionNames categories:[s kind:!s listKind:s plural:!s shortNames:[s singular:s
CustomResourceDefinitionSpec conversion:o group:!s names:!CustomResourceDefinitionNames
 preserveUnknownFields:b scope:!s versions:![CustomResourceDefinitionVersion
CustomResourceDefinitionVersion additionalPrinterColumns:[CustomResourceColumnDefinition
 deprecated:b deprecationWarning:s name:!s schema:CustomResourceValidation
 selectableFields:[o@30 served:b storage:!b subresources:CustomResourceSubresources
CustomResourceSubresourceScale labelSelectorPath:s specReplicasPath:!s statusReplicasPath:!s
CustomResourceSubresources scale:CustomResourceSubresourceScale status:o
CustomResourceValidation openAPIV3Schema:o
MetricRequirement key:s operator:s values:[s
MetricSelector matchExpressions:[MetricRequirement matchLabels:{s
"""
"""As the tables of `fields`, whose letters they use.

The selector of a metric is one of the metrics' own API: the server takes any text in it.
"""
