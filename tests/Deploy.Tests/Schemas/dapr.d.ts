import type { IIoK8sApimachineryPkgApisMetaV1ObjectMeta } from "@kubernetes-models/apimachinery/apis/meta/v1/ObjectMeta";

/** A component of Dapr, from https://docs.dapr.io/reference/resource-specs/component-schema/. */
export interface IComponent {
  apiVersion: "dapr.io/v1alpha1";
  kind: "Component";
  metadata: IIoK8sApimachineryPkgApisMetaV1ObjectMeta;
  spec: {
    type: string;
    version: string;
    ignoreErrors?: boolean;
    initTimeout?: string;
    metadata: ({ name: string } & (
      | { value: string | number | boolean }
      | { secretKeyRef: { name: string; key: string } }
      | { envRef: string }
    ))[];
  };
  auth?: { secretStore: string };
  scopes?: string[];
}
