"""The parameters that own code declares beside what it is always given: keywords of a function, settings of an
estimator."""

import inspect
from collections.abc import Mapping
from typing import Any, cast

from brittlestar.models.own import OwnModel, refuse_unknown
from brittlestar.models.source import list_parameters

GIVEN = ("train", "dev", "seed", "observe")
"""What a fit function is called with."""
WHOLE = "params"
"""A fit function with this parameter gets all of `model.params` as one dict."""


def declare_parameters(own: OwnModel) -> dict[str, Any]:
    """{name: default} of every parameter with a default that `model.params` may set; empty where Python does not know
    them."""
    if own.kind == "estimator":
        return dict(cast("dict[str, Any]", own.object.get_params()))
    parameters = list_parameters(own.object)
    names = [name for name in parameters if name not in (*GIVEN, WHOLE)] if own.kind == "fit" else [*parameters][1:]
    return {name: parameters[name].default for name in names if parameters[name].default is not inspect.Parameter.empty}


def choose_keywords(own: OwnModel, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a fit function is called with for `model.params`: keywords, or one dict where it has `params`. Raises
    InputError for a name that it does not take."""
    if own.kind != "fit" or not params:
        return {}
    parameters = list_parameters(own.object)
    if WHOLE in parameters:
        return {WHOLE: dict(params)}
    if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        refuse_unknown(own, params, [name for name in parameters if name not in GIVEN])
    return dict(params)


def check_own_parameters(own: OwnModel, params: Mapping[str, Any]) -> None:
    """Raises InputError where a model that trains itself does not take one of `params`."""
    if own.kind == "fit":
        choose_keywords(own, params)
    elif own.kind == "estimator":
        refuse_unknown(own, params, list(cast("dict[str, Any]", own.object.get_params(deep=True))))
