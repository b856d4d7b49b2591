// Prints what a release of Kubernetes says of its kinds, for docs/kubernetes_live.py: one line a
// type, `Type field:flags field:flags=default …`, and one line a kind, `@apiVersion Kind Type`.
package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/certificates/install"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	_ "k8s.io/kubernetes/pkg/apis/events/install"
	_ "k8s.io/kubernetes/pkg/apis/flowcontrol/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/resource/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
)

var (
	names    = map[reflect.Type]string{}
	taken    = map[string]bool{}
	order    []reflect.Type
	defaults = map[string]map[string]bool{}
	owned    = map[string]bool{
		"ObjectMeta.creationTimestamp": true, "ObjectMeta.deletionGracePeriodSeconds": true,
		"ObjectMeta.deletionTimestamp": true, "ObjectMeta.generation": true,
		"ObjectMeta.managedFields": true, "ObjectMeta.resourceVersion": true,
		"ObjectMeta.selfLink": true, "ObjectMeta.uid": true,
	}
	opaque = map[reflect.Type]string{
		reflect.TypeOf(metav1.Time{}): "t", reflect.TypeOf(metav1.MicroTime{}): "t",
		reflect.TypeOf(metav1.Duration{}): "s", reflect.TypeOf(resource.Quantity{}): "q",
		reflect.TypeOf(intstr.IntOrString{}): "x", reflect.TypeOf(runtime.RawExtension{}): "o",
		reflect.TypeOf(metav1.FieldsV1{}): "o",
	}
)

func nameOf(t reflect.Type) string {
	if n, ok := names[t]; ok {
		return n
	}
	n := t.Name()
	if taken[n] {
		parts := strings.Split(t.PkgPath(), "/")
		n = strings.Title(parts[len(parts)-2]) + strings.ToUpper(parts[len(parts)-1]) + n
	}
	taken[n] = true
	names[t] = n
	order = append(order, t)
	return n
}

func flags(t reflect.Type) string {
	if f, ok := opaque[t]; ok {
		return f
	}
	switch t.Kind() {
	case reflect.Ptr:
		return "*" + flags(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "y"
		}
		return "[" + flags(t.Elem())
	case reflect.Map:
		return "{" + flags(t.Elem())
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "b"
	case reflect.Int32, reflect.Int64, reflect.Int, reflect.Uint32:
		return "i"
	case reflect.Float64, reflect.Float32:
		return "n"
	case reflect.Struct:
		return nameOf(t)
	}
	return "o"
}

type field struct {
	name  string
	index []int
	t     reflect.Type
}

func fields(t reflect.Type) []field {
	var found []field
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		if tag[0] == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous && tag[0] == "" {
			for _, inner := range fields(f.Type) {
				found = append(found, field{inner.name, append([]int{i}, inner.index...), inner.t})
			}
			continue
		}
		found = append(found, field{tag[0], []int{i}, f.Type})
	}
	return found
}

const deepest = 14

// fill makes every list of structs hold one, and every pointer to a struct above a depth.
func fill(v reflect.Value, pointers, depth int) {
	if _, ok := opaque[v.Type()]; ok || depth > deepest {
		return
	}
	switch v.Kind() {
	case reflect.Ptr:
		if depth < pointers && v.Type().Elem().Kind() == reflect.Struct {
			if _, ok := opaque[v.Type().Elem()]; !ok {
				v.Set(reflect.New(v.Type().Elem()))
				fill(v.Elem(), pointers, depth+1)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Struct {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), pointers, depth+1)
		}
	case reflect.Struct:
		for i := 0; i < v.NumField(); i++ {
			if v.Type().Field(i).IsExported() && v.Field(i).CanSet() {
				fill(v.Field(i), pointers, depth+1)
			}
		}
	}
}

func record(owner, name string, value interface{}) {
	key := owner + "." + name
	if defaults[key] == nil {
		defaults[key] = map[string]bool{}
	}
	text, _ := json.Marshal(value)
	defaults[key][string(text)] = true
}

func compare(owner, name string, before, after reflect.Value) {
	t := after.Type()
	if _, ok := opaque[t]; ok {
		if !after.IsZero() && before.IsZero() {
			record(owner, name, after.Interface())
		}
		return
	}
	switch t.Kind() {
	case reflect.Ptr:
		if after.IsNil() {
			return
		}
		inner := t.Elem()
		_, leaf := opaque[inner]
		if before.IsNil() {
			if inner.Kind() == reflect.Struct && !leaf {
				record(owner, name, struct{}{})
				compare(owner, name, reflect.Zero(inner), after.Elem())
			} else {
				record(owner, name, after.Interface())
			}
			return
		}
		if inner.Kind() == reflect.Struct && !leaf {
			compare(owner, name, before.Elem(), after.Elem())
		}
	case reflect.Slice, reflect.Map:
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && before.Len() == after.Len() {
			for i := 0; i < after.Len(); i++ {
				compare(owner, name, before.Index(i), after.Index(i))
			}
			return
		}
		if before.Len() == 0 && after.Len() > 0 {
			record(owner, name, after.Interface())
		}
	case reflect.Struct:
		for _, f := range fields(t) {
			compare(nameOf(t), f.name, before.FieldByIndex(f.index), after.FieldByIndex(f.index))
		}
	default:
		if before.IsZero() && !after.IsZero() {
			record(owner, name, after.Interface())
		}
	}
}

func main() {
	scheme := legacyscheme.Scheme
	var kinds []string
	for gvk, t := range scheme.AllKnownTypes() {
		if gvk.Version == runtime.APIVersionInternal || (gvk.Version != "v1" && gvk.Version != "v2") {
			continue
		}
		if _, ok := t.FieldByName("ObjectMeta"); !ok {
			continue
		}
		if strings.HasSuffix(gvk.Kind, "List") || gvk.Kind == "PodStatusResult" || gvk.Kind == "RangeAllocation" {
			continue
		}
		kinds = append(kinds, gvk.GroupVersion().String()+" "+gvk.Kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		parts := strings.Split(kind, " ")
		for gvk, t := range scheme.AllKnownTypes() {
			if gvk.GroupVersion().String() != parts[0] || gvk.Kind != parts[1] {
				continue
			}
			fmt.Println("@" + kind + " " + nameOf(t))
			for pointers := 0; pointers <= deepest; pointers++ {
				before, after := reflect.New(t), reflect.New(t)
				fill(before.Elem(), pointers, 0)
				fill(after.Elem(), pointers, 0)
				scheme.Default(after.Interface().(runtime.Object))
				compare("", "", before.Elem(), after.Elem())
			}
		}
	}
	for i := 0; i < len(order); i++ {
		t := order[i]
		line := names[t]
		for _, f := range fields(t) {
			if owned[names[t]+"."+f.name] || (f.name == "status" && f.t.Kind() == reflect.Struct) {
				line += " " + f.name + ":-"
				continue
			}
			var values []string
			for value := range defaults[names[t]+"."+f.name] {
				values = append(values, value)
			}
			sort.Strings(values)
			line += " " + f.name + ":" + flags(f.t)
			for _, value := range values {
				line += "=" + value
			}
		}
		fmt.Println(line)
	}
}
