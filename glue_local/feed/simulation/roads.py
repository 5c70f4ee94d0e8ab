"""The roads of the generated network: number, common name, share of the points, and the towns along them."""

from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

Place = tuple[str, float, float]

_KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Road:
    """A road: ``number`` as in Ident_8, ``share`` of all points in thousandths, ``places`` by increasing kilometre."""

    number: str
    name: str
    share: int
    places: tuple[Place, ...]

    @property
    def length(self) -> float:
        """Return the length in km along the line through the places."""
        return sum(_distance(a, b) for a, b in pairwise(self.places))

    def at(self, km: float) -> Place:
        """Return the nearest place's name and the longitude and latitude at ``km`` from the start."""
        left = max(km, 0.0)
        for a, b in pairwise(self.places):
            span = _distance(a, b)
            if left <= span:
                part = left / span
                return (a if part < 0.5 else b)[0], a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part
            left -= span
        return self.places[-1]

    def heading(self, km: float) -> tuple[float, float]:
        """Return the unit vector (east, north) of increasing kilometres at ``km``."""
        _, lon0, lat0 = self.at(km - 0.3)
        _, lon1, lat1 = self.at(min(km + 0.3, self.length))
        east, north = (lon1 - lon0) * cos(radians(lat0)), lat1 - lat0
        size = hypot(east, north) or 1.0
        return east / size, north / size


def _distance(a: Place, b: Place) -> float:
    return _KM_PER_DEGREE * hypot((b[1] - a[1]) * cos(radians(a[2])), b[2] - a[2])


# Busiest first, so that a small network covers the busiest roads; shares are those in the configuration of 2017.
ROADS = (
    Road("A010", "E40", 132, (("Groot-Bijgaarden", 4.268, 50.877), ("Ternat", 4.166, 50.879), ("Affligem", 4.105, 50.916), ("Aalst", 4.034, 50.966), ("Wetteren", 3.871, 50.986), ("Merelbeke", 3.747, 51.003), ("Zwijnaarde", 3.711, 51.005), ("Drongen", 3.635, 51.039), ("Aalter", 3.455, 51.103), ("Beernem", 3.331, 51.146), ("Oostkamp", 3.216, 51.157), ("Loppem", 3.189, 51.151), ("Jabbeke", 3.085, 51.180), ("Oostende", 2.905, 51.203))),
    Road("R001", "R1", 95, (("Merksem", 4.452, 51.243), ("Deurne", 4.447, 51.222), ("Borgerhout", 4.441, 51.208), ("Berchem", 4.431, 51.192), ("Antwerpen-Zuid", 4.396, 51.188), ("Kennedytunnel", 4.377, 51.196), ("Linkeroever", 4.347, 51.213))),
    Road("A014", "E17", 123, (("Rekkem", 3.166, 50.779), ("Kortrijk", 3.262, 50.805), ("Deerlijk", 3.351, 50.864), ("Waregem", 3.427, 50.904), ("Kruisem", 3.523, 50.935), ("Deinze", 3.573, 50.974), ("De Pinte", 3.661, 51.007), ("Gent", 3.751, 51.031), ("Destelbergen", 3.803, 51.061), ("Lokeren", 3.986, 51.119), ("Sint-Niklaas", 4.152, 51.145), ("Haasdonk", 4.228, 51.181), ("Kruibeke", 4.290, 51.185), ("Antwerpen-West", 4.341, 51.212))),
    Road("R000", "R0", 91, (("Hoeilaart", 4.441, 50.766), ("Tervuren", 4.461, 50.832), ("Kraainem", 4.463, 50.858), ("Sint-Stevens-Woluwe", 4.464, 50.873), ("Zaventem", 4.446, 50.889), ("Machelen", 4.421, 50.905), ("Vilvoorde", 4.402, 50.913), ("Strombeek-Bever", 4.359, 50.908), ("Wemmel", 4.314, 50.901), ("Zellik", 4.282, 50.886), ("Dilbeek", 4.270, 50.856), ("Anderlecht", 4.277, 50.820), ("Ruisbroek", 4.298, 50.788), ("Halle", 4.272, 50.741))),
    Road("A013", "E313", 92, (("Antwerpen-Oost", 4.456, 51.215), ("Wommelgem", 4.536, 51.207), ("Ranst", 4.571, 51.206), ("Massenhoven", 4.640, 51.197), ("Herentals", 4.817, 51.149), ("Olen", 4.878, 51.128), ("Geel", 4.990, 51.107), ("Laakdal", 5.043, 51.091), ("Tessenderlo", 5.118, 51.061), ("Beringen", 5.230, 51.035), ("Lummen", 5.236, 50.980), ("Hasselt", 5.361, 50.903), ("Diepenbeek", 5.442, 50.871), ("Tongeren", 5.512, 50.784))),
    Road("A001", "E19", 85, (("Machelen", 4.425, 50.909), ("Zemst", 4.462, 50.987), ("Mechelen-Zuid", 4.448, 51.004), ("Mechelen-Noord", 4.446, 51.045), ("Rumst", 4.421, 51.090), ("Kontich", 4.430, 51.129), ("Wilrijk", 4.410, 51.166), ("Antwerpen-Noord", 4.449, 51.262), ("Brasschaat", 4.522, 51.300), ("Sint-Job", 4.559, 51.306), ("Brecht", 4.644, 51.348), ("Loenhout", 4.664, 51.406), ("Meer", 4.741, 51.467))),
    Road("A002", "E314", 57, (("Leuven", 4.690, 50.904), ("Wilsele", 4.709, 50.903), ("Rotselaar", 4.767, 50.934), ("Aarschot", 4.856, 50.954), ("Bekkevoort", 4.968, 50.951), ("Halen", 5.106, 50.966), ("Lummen", 5.224, 50.977), ("Zolder", 5.312, 51.000), ("Houthalen", 5.385, 51.005), ("Genk-Noord", 5.478, 50.994), ("Maasmechelen", 5.652, 50.952))),
    Road("A003", "E40", 54, (("Sint-Stevens-Woluwe", 4.462, 50.868), ("Sterrebeek", 4.515, 50.867), ("Everberg", 4.580, 50.867), ("Bertem", 4.626, 50.864), ("Heverlee", 4.680, 50.843), ("Haasrode", 4.746, 50.833), ("Boutersem", 4.832, 50.826), ("Tienen", 4.947, 50.781))),
    Road("A012", "A12", 52, (("Strombeek-Bever", 4.349, 50.912), ("Meise", 4.339, 50.941), ("Londerzeel", 4.317, 51.003), ("Willebroek", 4.354, 51.055), ("Boom", 4.376, 51.092), ("Aartselaar", 4.386, 51.131), ("Wilrijk", 4.394, 51.166), ("Ekeren", 4.388, 51.283), ("Stabroek", 4.341, 51.330), ("Zandvliet", 4.313, 51.368))),
    Road("R002", "R2", 41, (("Kallo", 4.282, 51.228), ("Liefkenshoek", 4.294, 51.294), ("Lillo", 4.318, 51.308), ("Stabroek", 4.345, 51.331))),
    Road("A017", "E403", 33, (("Brugge", 3.189, 51.180), ("Loppem", 3.186, 51.149), ("Torhout", 3.129, 51.073), ("Lichtervelde", 3.143, 51.034), ("Roeselare", 3.154, 50.940), ("Izegem", 3.186, 50.910), ("Kortrijk-West", 3.221, 50.833), ("Aalbeke", 3.221, 50.777))),
    Road("R004", "R4", 31, (("Zwijnaarde", 3.729, 51.001), ("Merelbeke", 3.763, 51.010), ("Destelbergen", 3.797, 51.056), ("Oostakker", 3.770, 51.102), ("Zelzate", 3.805, 51.198))),
    Road("A021", "E34", 25, (("Ranst", 4.578, 51.208), ("Oelegem", 4.611, 51.228), ("Zoersel", 4.703, 51.253), ("Beerse", 4.861, 51.290), ("Turnhout", 4.945, 51.289), ("Retie", 5.083, 51.290), ("Postel", 5.186, 51.290))),
    Road("A018", "E40", 16, (("Jabbeke", 3.080, 51.178), ("Gistel", 2.966, 51.166), ("Middelkerke", 2.847, 51.140), ("Nieuwpoort", 2.769, 51.112), ("Veurne", 2.671, 51.068))),
    Road("A019", "A19", 15, (("Kortrijk", 3.218, 50.829), ("Wevelgem", 3.166, 50.823), ("Menen", 3.116, 50.823), ("Beselare", 3.023, 50.851), ("Ieper", 2.914, 50.866))),
    Road("N049", "N49", 13, (("Zelzate", 3.826, 51.210), ("Kaprijke", 3.612, 51.214), ("Maldegem", 3.448, 51.220))),
    Road("N031", "N31", 13, (("Oostkamp", 3.199, 51.167), ("Sint-Michiels", 3.197, 51.189), ("Brugge", 3.190, 51.217), ("Zeebrugge", 3.203, 51.306))),
    Road("A004", "E411", 11, (("Oudergem", 4.427, 50.814), ("Jezus-Eik", 4.488, 50.790), ("Overijse", 4.552, 50.762))),
    Road("A011", "E34", 11, (("Linkeroever", 4.337, 51.222), ("Melsele", 4.283, 51.239), ("Vrasene", 4.191, 51.239), ("Stekene", 4.038, 51.224), ("Zelzate", 3.837, 51.210))),
    Road("A007", "E19", 10, (("Ruisbroek", 4.290, 50.781), ("Halle", 4.244, 50.727))),
)  # fmt: skip
