#!/usr/bin/env bash
# Runs `gate check` with the action's inputs, and writes the outputs before it ends.
set -euo pipefail
report="$(mktemp -d "${RUNNER_TEMP:?}/gate-report.XXXXXX")/gate.json"
arguments=(check --output "json=${report}")
add() { # an option and its value, where there is one
  if [[ -n "$2" ]]; then arguments+=("$1" "$2"); fi
}
add --policy "${GATE_POLICY:-}"
add --policy-digest "${GATE_POLICY_DIGEST:-}"
case "${GATE_DRY_RUN:-false}" in
  true) arguments+=(--dry-run) ;;
  false) ;;
  *) echo "::error title=gate::dry-run is true or false."; exit 2 ;;
esac
while IFS= read -r image; do add --image "${image}"; done <<< "${GATE_IMAGES:-}"
paths=()
while IFS= read -r path; do if [[ -n "${path}" ]]; then paths+=("${path}"); fi; done <<< "${GATE_MANIFESTS:-}"
if [[ ${#paths[@]} -gt 0 ]]; then arguments+=(-- "${paths[@]}"); fi

code=0
"${GATE_PYTHON:?}" -I -m gate "${arguments[@]}" || code=$?
case "${code}" in
  0) result=cleared ;;
  1 | 3) result=blocked ;;
  *) result=error ;;
esac
if [[ ! -s "${report}" ]]; then
  report=""
  result=error
fi
{
  printf 'result=%s\n' "${result}"
  printf 'exit-code=%s\n' "${code}"
  printf 'json-file=%s\n' "${report}"
} >> "${GITHUB_OUTPUT:?}"
exit "${code}"
