#!/usr/bin/env bash
# Installs what gate needs, by hash, into an interpreter of its own outside the checkout.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
wheels="${GATE_WHEELS:-}"
if [[ -n "${wheels}" ]]; then wheels="$(cd "${wheels}" && pwd -P)"; fi
# Never in the checkout: a uv.toml, pyproject.toml or .python-version there would be obeyed.
cd "${RUNNER_TEMP:?}"
export PIP_CONFIG_FILE=/dev/null PYTHONNOUSERSITE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP
if ! python3 -I -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))'; then
  echo "::error title=gate::Python 3.11 or newer is needed: add actions/setup-python before this step."
  exit 2
fi
venv="$(mktemp -d "${RUNNER_TEMP}/gate.XXXXXX")/venv"
python3 -I -m venv --without-pip "${venv}"
python="${venv}/bin/python"
from=(--require-hashes --only-binary :all:)
# A runner without a package index: a file in the folder that is not the locked one is refused by its hash.
if [[ -n "${wheels}" ]]; then from+=(--no-index --find-links "${wheels}"); fi
# A job runs gate once or twice: Python compiles what that imports, and keeps it for the second time.
if command -v uv >/dev/null 2>&1; then
  # uv takes what its cache has unpacked without a look at its hash, and jobs restore caches that others wrote.
  uv pip sync --no-cache --no-config --quiet --python "${python}" "${from[@]}" \
    "${root}/requirements.txt"
else
  python3 -I -m pip --isolated --python "${python}" install --quiet --no-deps --no-compile "${from[@]}" \
    --requirement "${root}/requirements.txt"
fi
# The action's own code, at the commit that the workflow pins.
site="$("${python}" -I -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')"
printf '%s\n' "${root}" > "${site}/gate.pth"
printf 'python=%s\n' "${python}" >> "${GITHUB_OUTPUT:?}"
