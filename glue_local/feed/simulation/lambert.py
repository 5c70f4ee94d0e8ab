"""Convert longitude and latitude to Belgian Lambert 72 (EPSG:31370), accurate to a few metres."""

from math import cos, log, pi, radians, sin, sqrt, tan

# Hayford 1924 and the projection's constants, published by the National Geographic Institute.
_A, _F = 6378388.0, 1 / 297
_E = sqrt(2 * _F - _F * _F)
_SOUTH, _NORTH = radians(49.8333339), radians(51.16666723333333)
_ORIGIN = radians(4.3674866667)
_X0, _Y0 = 150000.013, 5400088.438
# WGS 84 to BD72 by Molodensky's abridged formulas: the shift in metres, and the WGS 84 ellipsoid.
_DX, _DY, _DZ = 125.8, -79.9, 100.5
_WGS_A, _WGS_F = 6378137.0, 1 / 298.257223563


def lambert72(longitude: float, latitude: float) -> tuple[float, float]:
    """Convert a WGS 84 position in degrees to (X, Y) in metres."""
    lon, lat = _to_bd72(radians(longitude), radians(latitude))
    n, f = _cone()
    r = _A * f * _isometric(lat) ** n
    theta = n * (lon - _ORIGIN)
    return _X0 + r * sin(theta), _Y0 - r * cos(theta)


def _cone() -> tuple[float, float]:
    m1, m2 = _parallel(_SOUTH), _parallel(_NORTH)
    t1, t2 = _isometric(_SOUTH), _isometric(_NORTH)
    n = (log(m1) - log(m2)) / (log(t1) - log(t2))
    return n, m1 / (n * t1**n)


def _parallel(lat: float) -> float:
    return cos(lat) / sqrt(1 - (_E * sin(lat)) ** 2)


def _isometric(lat: float) -> float:
    e_sin = _E * sin(lat)
    return float(tan(pi / 4 - lat / 2) / ((1 - e_sin) / (1 + e_sin)) ** (_E / 2))


def _to_bd72(lon: float, lat: float) -> tuple[float, float]:
    e2 = _WGS_F * (2 - _WGS_F)
    da, df = _A - _WGS_A, _F - _WGS_F
    rn = _WGS_A / sqrt(1 - e2 * sin(lat) ** 2)
    rm = rn * (1 - e2) / (1 - e2 * sin(lat) ** 2)
    north = -_DX * sin(lat) * cos(lon) - _DY * sin(lat) * sin(lon) + _DZ * cos(lat)
    north += (_WGS_A * df + _WGS_F * da) * sin(2 * lat)
    east = -_DX * sin(lon) + _DY * cos(lon)
    return lon + east / (rn * cos(lat)), lat + north / rm
