"""Mutants of `manifests` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_COUNTED: Final = "the lengths were compared before, so zip has nothing to refuse"
_LONG: Final = "a bound on time alone: a host, a path, a tag and a digest are shorter together"
_SEARCH: Final = "it spares a search that finds nothing"
_FIRST: Final = "the first thing that is said of a field is what is said of it"
_TWO: Final = "the field of a file has two keys"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/manifests/emit.py _hold: False for True": _COUNTED,
    "gate/manifests/manifests.py Manifests.images: False for `not self.objects`": (
        "a short cut: where there are no objects, they name no image"
    ),
    "gate/manifests/load.py _file: GtE for Gt": "no document begins on the line of a comment",
    "gate/manifests/load.py _items: False for `settings is not None`": (
        "a short cut: a file that it tells at once is read whole to the same end"
    ),
    "gate/manifests/load.py _sources: 2 for 1": (
        "a document begins at least one line below its comment, and the one before it above"
    ),
    "gate/manifests/patching.py marked: True for `patches`": (
        "a short cut: without kinds to mark, each object is made anew as it is"
    ),
    "gate/manifests/pin.py _hold: False for True": _COUNTED,
    "gate/manifests/pin.py _same: False for True": _COUNTED,
    "gate/manifests/positions/words.py has_host: GtE for Gt": _LONG,
    "gate/manifests/positions/words.py has_host: no `len(name) > _LONGEST`": _LONG,
    "gate/manifests/positions/words.py speaks: True for `has_image_word(key)`": (
        "a short cut: a key with the word image has these letters"
    ),
    "gate/manifests/settings.py settings_in_json: GtE for Gt (2)": (
        "30 brackets are not more than 30 deep"
    ),
    "gate/manifests/settings.py settings_in_json: "
    "no `data.count(b'{') + data.count(b'[') > _DEEP`": (
        "a short cut: no text is deeper than it has brackets that open"
    ),
    "gate/manifests/load.py _documents: False for `error.code != 'yaml-key'`": (
        "it spares a second reading: what is wrong besides keys is wrong there too"
    ),
    "gate/manifests/load.py _file: True for `b'# Source: ' in data`": _SEARCH,
    "gate/manifests/positions/known.py _row: True for `not (row.template and "
    "(not any((word in text for word in _SAY_IMAGES))))`": _SEARCH,
    "gate/manifests/positions/texts.py named_in_files: no break": _FIRST,
    "gate/manifests/positions/texts.py named_in_files: no break (2)": _FIRST,
    "gate/manifests/positions/texts.py named_in_files: no `isinstance(item, ImageUse)`": (
        "no finding of a file names an image"
    ),
    "gate/manifests/positions/texts.py named_in_files: "
    "no `not any((word in text for word in _SAY_IMAGES))`": _SEARCH,
    "gate/manifests/positions/texts.py named_in_files: no minus": _TWO,
    "gate/manifests/positions/texts.py _as_values: no minus": _TWO,
    "gate/manifests/positions/walk.py _is_image: no `':' not in text`": _SEARCH,
    "gate/manifests/positions/walk.py _is_image: no `'/' not in text`": _SEARCH,
    "gate/manifests/embedded.py _speaks_of_objects: True for `'\\\\' in text`": _SEARCH,
}
