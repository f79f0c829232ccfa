"""What an argument is for, by its name: the vocabulary of people who write convolutions."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable


class ArgumentRole(enum.Enum):
    """What an argument, an entry of a dictionary or an attribute stands for."""

    INPUT = "x"
    FILTER = "w"
    BIAS = "b"
    UPSTREAM = "dy"
    STRIDE = "stride"
    PADDING = "pad"
    DILATION = "dilation"
    INPUT_DILATION = "input_dilation"
    OUTPUT_PADDING = "output_padding"
    GROUPS = "groups"
    KERNEL = "kernel_size"
    INPUT_SHAPE = "x_shape"
    FILTER_SHAPE = "w_shape"
    INPUT_SIZE = "input_size"
    FILTER_SIZE = "filter_size"
    CHANNELS = "in_channels"
    FILTERS = "out_channels"
    BATCH = "batch"
    HAS_BIAS = "use_bias"
    RATE = "lr"
    CONFIG = "config"
    CACHE = "cache"
    NOTHING = "None"
    STRIDE_H = "stride_h"
    STRIDE_W = "stride_w"
    PAD_H = "pad_h"
    PAD_W = "pad_w"
    PAD_TOP = "pad_top"
    PAD_BOTTOM = "pad_bottom"
    PAD_LEFT = "pad_left"
    PAD_RIGHT = "pad_right"
    DILATION_H = "dilation_h"
    DILATION_W = "dilation_w"
    KERNEL_H = "kernel_h"
    KERNEL_W = "kernel_w"
    INPUT_H = "input_h"
    INPUT_W = "input_w"


class NamePlace(enum.Enum):
    """Where a name stands, which decides between meanings."""

    FORWARD = "forward"
    BACKWARD = "backward"
    CONSTRUCTOR = "constructor"
    CONFIG = "config"


_NAMES: dict[str, str] = {
    "x": "x a aprev a_prev input inputs inp input_data image images img imgs data "
    "activations in_ xs signal sig input_tensor x_in xin features input_image feature_map act "
    "last_input x_input input_volume volume a_in i h_prev prev lhs x_data tensor xb batch_x arr",
    "w": "w weight weights f filter filters kernel kernels ker filt theta conv_w "
    "w_conv filter_weights filter_bank weight_tensor kern k taps rhs w1 flt coeffs params_w wt",
    "b": "b bias biases beta bs b_ conv_b bias_vector b1",
    "dy": "dout dy dz d_y d_z d_out delta grad grad_output grad_out output_grad upstream "
    "output_gradient top_diff error err grad_y gy g dnext dvalues grad_outputs dl_dy dl_dout "
    "dl_dz d_l_d_out grads delta_out loss_gradient ct cotangent output_error grad_z gout "
    "d_output doutput d_outputs upstream_grad upstream_gradient dloss dl_do do dldy dldz dldout "
    "dl_dh dh gradient grad_in_from_next gradoutput dj_dz dj_dy y_grad out_grad y_bar ybar "
    "output_gradients next_grad dys ddy grad_from_next da go dupstream",
    "stride": "stride strides s step st stride_size u steps hop",
    "pad": "pad padding p pads pad_size pad_width zero_padding zero_pad border pad_mode "
    "padding_mode padding_type mode padding_size pad_amount pad_type paddings",
    "dilation": "dilation dilations dilate d dil rate dilation_rate atrous_rate dilation_size",
    "input_dilation": "input_dilation lhs_dilation",
    "output_padding": "output_padding out_pad",
    "groups": "groups group num_groups n_groups g feature_group_count",
    "kernel_size": "kernel_size ksize k_size filter_dim kernel_dim size window field "
    "receptive_field kernel_width ks kernelsize filtersize f k fsize kernel_shape",
    "x_shape": "x_shape xshape input_shape in_shape image_shape a_shape shape_x "
    "a_prev_shape input_dim input_dims shape x_dims",
    "w_shape": "w_shape wshape weight_shape filter_shape shape_w filters_shape "
    "kernel_shape f_shape weights_shape",
    "input_size": "input_size in_size image_size x_size",
    "filter_size": "filter_size w_size weight_size",
    "in_channels": "in_channels c_in n_c_prev input_channels channels n_channels num_channels "
    "in_ch c input_depth in_depth nin in_planes cin n_in inch in_features in_chans in_channel "
    "ch_in ci ic num_input_channels depth_in in_c inc num_in_channels n_channels_in",
    "out_channels": "out_channels num_filters n_filters filters c_out nb_filters n_c out_ch "
    "num_kernels output_channels n_f nf output_depth n_out nout out_planes cout num_filter "
    "number_of_filters outch depth n_kernels out_features filter_count kernels out_channel oc co "
    "ch_out num_output_channels depth_out out_c outc nfilters num_out_channels n_channels_out k",
    "batch": "batch_size batch n m",
    "use_bias": "use_bias with_bias has_bias add_bias bias",
    "lr": "lr learning_rate alpha learn_rate eta step_size l_r learningrate",
    "config": "conv_param hparameters params hparams conv_params param config cfg options "
    "hyperparameters hyper opts opt conf settings hp args spec conv_config attrs",
    "cache": "cache caches ctx context memory saved conv_cache tape state residuals res "
    "saved_tensors cached mem store",
    "None": "activation act_fn name initializer init kernel_initializer weight_init "
    "bias_initializer regularizer seed rng activation_function",
    "stride_h": "stride_h sh stride_y s_h stride_r stride_height strideh stride_rows sy",
    "stride_w": "stride_w sw stride_x s_w stride_s stride_width stridew stride_cols sx",
    "pad_h": "pad_h ph padding_h pad_y p_h pad_height padh padding_height py pad_rows",
    "pad_w": "pad_w pw padding_w pad_x p_w padw padding_width px pad_cols",
    "pad_top": "pad_top pt pad_t padding_top top pad_before pad_up",
    "pad_bottom": "pad_bottom pb pad_b padding_bottom bottom pad_after pad_down",
    "pad_left": "pad_left pl pad_l padding_left left",
    "pad_right": "pad_right pr pad_r padding_right right",
    "dilation_h": "dilation_h dh dilation_y d_h dil_h dilation_height",
    "dilation_w": "dilation_w dw dilation_x d_w dil_w dilation_width",
    "kernel_h": "kernel_h kh filter_h fh k_h f_h filter_height kernel_height hh hf kernel_rows",
    "kernel_w": "kernel_w kw filter_w fw k_w f_w filter_width ww wf kernel_cols",
    "input_h": "input_h h in_h height h_in input_height image_height ih hin",
    "input_w": "input_w w in_w width w_in input_width image_width iw win",
}

_ARRAYS = (ArgumentRole.INPUT, ArgumentRole.FILTER, ArgumentRole.BIAS)
_EARLIER: dict[NamePlace, tuple[ArgumentRole, ...]] = {
    NamePlace.FORWARD: (
        *_ARRAYS,
        ArgumentRole.CACHE,
        ArgumentRole.STRIDE,
        ArgumentRole.PADDING,
        ArgumentRole.DILATION,
    ),
    NamePlace.BACKWARD: (
        ArgumentRole.UPSTREAM,
        ArgumentRole.CACHE,
        *_ARRAYS,
        ArgumentRole.STRIDE,
        ArgumentRole.PADDING,
    ),
    NamePlace.CONSTRUCTOR: (
        ArgumentRole.HAS_BIAS,
        ArgumentRole.CHANNELS,
        ArgumentRole.FILTERS,
        ArgumentRole.KERNEL,
        ArgumentRole.STRIDE,
        ArgumentRole.PADDING,
    ),
    NamePlace.CONFIG: (
        ArgumentRole.STRIDE,
        ArgumentRole.PADDING,
        ArgumentRole.DILATION,
        ArgumentRole.GROUPS,
        ArgumentRole.KERNEL,
    ),
}
"""The meanings that come first in a place, where a name has several."""


def _by_name() -> dict[str, list[ArgumentRole]]:
    found: dict[str, list[ArgumentRole]] = {}
    for value, names in _NAMES.items():
        for name in names.split():
            found.setdefault(name.replace("_", ""), []).append(ArgumentRole(value))
    return found


_ROLES = _by_name()


def roles(name: str, place: NamePlace) -> list[ArgumentRole]:
    """Return what a name may stand for, the likely meanings first."""
    plain = name.lower().strip("_").replace("_", "")
    plain = re.sub(r"(2d|1d|3d)$", "", plain) or plain
    first = _EARLIER[place]
    known = _ROLES.get(plain, [])
    if not known and place is NamePlace.FORWARD and re.search(r"(input|image|x)$", plain):
        known = [ArgumentRole.INPUT]
    return sorted(known, key=lambda role: first.index(role) if role in first else len(first))


def assign(
    names: Iterable[str], place: NamePlace, skip: Iterable[ArgumentRole] = ()
) -> dict[str, ArgumentRole | None]:
    """Return the role of each name; a role is given once, names of one meaning come first."""
    names = list(names)
    options = {name: [r for r in roles(name, place) if r not in {*skip}] for name in names}
    taken: dict[str, ArgumentRole | None] = {}
    for name in sorted(names, key=lambda each: (len(options[each]) > 1, names.index(each))):
        free = [role for role in options[name] if role not in taken.values()]
        taken[name] = free[0] if free else None
    return {name: taken[name] for name in names}


GRADIENTS = {ArgumentRole.INPUT: "dX", ArgumentRole.FILTER: "dF", ArgumentRole.BIAS: "db"}

_PREFIX = re.compile(r"^(dl_?d_?|dloss_?d_?|d_?l_?d_?|dj_?d_?|gradients?_?|grads?_?|g_?|d_?)", re.I)
_SUFFIX = re.compile(r"_?(gradients?|grads?|_g|bar|diff|delta)$", re.I)


def gradient(name: str) -> str | None:
    """Return which gradient a name stands for, dX, dF or db, or None.

    >>> [gradient(name) for name in ("dA_prev", "grad_weights", "dL_db", "W_grad", "dZ")]
    ['dX', 'dF', 'db', 'dF', None]
    """
    for stripped in (_PREFIX.sub("", name), _SUFFIX.sub("", name)):
        if stripped and stripped != name:
            plain = stripped.lower().strip("_").replace("_", "")
            for role, found in GRADIENTS.items():
                if role in _ROLES.get(plain, []):
                    return found
    return None
