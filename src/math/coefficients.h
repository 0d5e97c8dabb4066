#pragma once

/// Printed by tools/fit_coefficients.py; do not edit. Tables hold the lowest power first.
namespace margrave {

/// ln 2 in two parts; the first has 40 bits, so that its product with an exponent is exact.
inline constexpr double ln2_high = 0x1.62e42fefa2000p-1, ln2_low = 0x1.9ef35793c7673p-41;
/// 2/3 in two parts.
inline constexpr double two_thirds_high = 0x1.5555555555555p-1, two_thirds_low = 0x1.5555555555555p-55;
inline constexpr double log2_e = 0x1.71547652b82fep+0;
inline constexpr double ln2 = 0x1.62e42fefa39efp-1;
inline constexpr double sqrt_two_pi = 0x1.40d931ff62706p+1;
inline constexpr double inverse_sqrt_two_pi = 0x1.9884533d43651p-2;

/// exp(r) = 1 + r + r^2 p(r) on |r| <= ln(2)/2; relative error 3.6e-18.
inline constexpr double exp_tail[] = {
    0x1.000000000000ap-1,  0x1.55555555554fap-3,  0x1.555555555086ep-5,  0x1.1111111127bd6p-7,  0x1.6c16c1842ce37p-10,
    0x1.a01a012a66064p-13, 0x1.a0199a059b7bep-16, 0x1.71df25246c943p-19, 0x1.28ad787800916p-22, 0x1.ad7fc73b26a2bp-26};
/// log((1+s)/(1-s)) = 2 s + s^3 p(s^2) on |s| <= 0.1716; relative error 1.2e-18.
inline constexpr double log_tail[] = {0x1.5555555555592p-1, 0x1.999999997fd18p-2, 0x1.24924941f94a0p-2,
                                      0x1.c71c52030635ap-3, 0x1.7466402dd7a29p-3, 0x1.39a19a41689cbp-3,
                                      0x1.2f06a9df42433p-3};
/// The same with 2/3 s^3 apart, for pow; relative error 1.1e-20.
inline constexpr double log_tail_long[] = {0x1.9999999999b30p-2, 0x1.2492492457cfep-2, 0x1.c71c722d6e40bp-3,
                                           0x1.745ce9e0b6fabp-3, 0x1.3b1eec848c51bp-3, 0x1.0f7fde74a0550p-3,
                                           0x1.0e43153bc3387p-3};
/// Mills ratio M(z) = (1 - N(z))/phi(z) = p/q on [0, 38]; relative error 5.1e-17.
inline constexpr double mills_p[] = {
    0x1.40d931ff62705p+0, 0x1.f0d623fcdfcd9p+0, 0x1.7c9f21d669b57p+0,  0x1.728148debbc74p-1,  0x1.f411fdedcaa1bp-3,
    0x1.e3440961954a3p-5, 0x1.4e5a2a6a8e9fcp-7, 0x1.407ab44cf5cfdp-10, 0x1.8519178914cc8p-14, 0x1.ce86bb3185925p-19};
inline constexpr double mills_q[] = {0x1.0000000000000p+0,  0x1.2c569b23ca7c2p+1, 0x1.477b39b7f5082p+1,
                                     0x1.b624808f48fc2p+0,  0x1.8f799b860e91fp-1, 0x1.044b2c560b01cp-2,
                                     0x1.ed396b0b66011p-5,  0x1.51645c9320176p-7, 0x1.4161f7ab7e4e3p-10,
                                     0x1.85191788eb38cp-14, 0x1.ce86bb318c153p-19};
/// M(z) = 1/(z + p/q) on [0, 38], for tails: rounding in p/q hardly matters; relative error 1.2e-17, of p/q 5.8e-16.
inline constexpr double mills_rest_p[] = {
    0x1.9884533d43650p-1, 0x1.00544132774e9p+0, 0x1.4838075047141p-1,  0x1.10b60f4d45c8fp-2,  0x1.3f9000b5ddf5fp-4,
    0x1.0feae4ca42616p-6, 0x1.4f402da2df531p-9, 0x1.213c48b9170d7p-12, 0x1.3ed8d170941c3p-16, 0x1.5ab947d9174b4p-21};
inline constexpr double mills_rest_q[] = {0x1.0000000000000p+0,  0x1.b5d9d35af09efp+0, 0x1.721dc2853516ep+0,
                                          0x1.90a819e22fb6ep-1,  0x1.3108cebd26a80p-2, 0x1.540c6be8d5c34p-4,
                                          0x1.18e4874df457fp-6,  0x1.543b90b647f27p-9, 0x1.2297020832914p-12,
                                          0x1.3ed8d16f5100bp-16, 0x1.5ab947d94a112p-21};
/// M(z) for pricing: ratio (z^7 + p)/(z^8 + q); relative error 5.5e-16 for z <= 3.5, growing to 1e-8 at 38. The ratio
/// is inside log2_mills_scale.
inline constexpr double mills_short_p[] = {0x1.4d8d0626442a3p+14, 0x1.93c3b4785f583p+14, 0x1.e63a3f7b9f9b9p+13,
                                           0x1.6931c7f867c17p+12, 0x1.60a944e87ca20p+10, 0x1.c2744f370a551p+7,
                                           0x1.5d4126dcd9340p+4};
inline constexpr double mills_short_q[] = {0x1.0a2293be38b8bp+14, 0x1.0b4050db88b0bp+15, 0x1.e761641cddcf7p+14,
                                           0x1.08739ea8689b1p+14, 0x1.77273842abd65p+12, 0x1.661dd37613c9dp+10,
                                           0x1.c4747490cdbddp+7,  0x1.5d411befe5f28p+4};
/// 2^f = (A + f B)/(A - f B), A = power_a + f^4, B = power_b, in u = f^2; relative error 8.3e-19.
inline constexpr double power_b[] = {0x1.7a79fe1b2ed43p+10, 0x1.433ba336d0df4p+4, 0x1.7a5c95a370d38p-6};
inline constexpr double power_a[] = {0x1.11035b1d8af6dp+12, 0x1.d25e44bd6ed92p+7};
/// log2 of ratio/sqrt(2 pi).
inline constexpr double log2_mills_scale = -0x1.53643c0fe5204p+0;
/// Normal quantile at 1/2 + q, |q| <= 0.425: q p(v)/q(v), v = 0.180625 - q^2; relative error 7.7e-17.
inline constexpr double quantile_central_p[] = {0x1.b18d91e9eef75p+1,  0x1.0a4d751e356ffp+7,  0x1.ecf9d38a40dc0p+10,
                                                0x1.ad3a546c359d5p+13, 0x1.66e7511d593dcp+15, 0x1.06e583fee2fc2p+16,
                                                0x1.055bf272b41d0p+15, 0x1.39e9f7fef47e2p+11};
inline constexpr double quantile_central_q[] = {0x1.0000000000000p+0,  0x1.52878403087e0p+5,  0x1.57a4d77ae6c76p+9,
                                                0x1.5137f9c3c2510p+12, 0x1.4b953647f082dp+14, 0x1.333e048ae1bc9p+15,
                                                0x1.c12dc10c8f486p+14, 0x1.46eba1a3db882p+12};
/// -quantile(p), r = sqrt(-ln p) in [1.6, 5.0]: p/q in r - 1.6; relative error 1.7e-17.
inline constexpr double quantile_middle_p[] = {0x1.6c665fde9526ap+0, 0x1.28574f333635fp+2, 0x1.713efc3363671p+2,
                                               0x1.d2eba6513c30dp+1, 0x1.453ba65c8c041p+0, 0x1.ef2882c4744eap-3,
                                               0x1.744cc176d22f5p-6, 0x1.9613717afa5d6p-11};
inline constexpr double quantile_middle_q[] = {0x1.0000000000000p+0,  0x1.06cec73a17b57p+1, 0x1.ad26c353a65b0p+0,
                                               0x1.6128150b02f4ap-1,  0x1.2f4fcfad5951ap-3, 0x1.f2050b04fe6c1p-7,
                                               0x1.1f1738996e43ep-11, 0x1.20d2b50920e7dp-30};
/// -quantile(p), r = sqrt(-ln p) in [5.0, 27.4]: p/q in r - 5.0; relative error 3.5e-17.
inline constexpr double quantile_far_p[] = {0x1.aa1b1c13ee527p+2,  0x1.5d8cd2038c1d5p+2, 0x1.c884d247fc245p+0,
                                            0x1.2f378f1e8baabp-2,  0x1.b1a8c0e7b0793p-6, 0x1.44921bcb3fda1p-10,
                                            0x1.c4771f4aa8b08p-16, 0x1.ac4b7bd43b3e1p-23};
inline constexpr double quantile_far_q[] = {0x1.0000000000000p+0,  0x1.32f48e3c5357ap-1,  0x1.18188dc1bf4d9p-3,
                                            0x1.e6654b1f0e2aap-7,  0x1.9b1fe51b010fep-11, 0x1.341df52092a47p-16,
                                            0x1.2ed9257c19dc1p-23, 0x1.20147ee825395p-49};

}  // namespace margrave
