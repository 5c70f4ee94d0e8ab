from collections import Counter, defaultdict

import pytest

from glue_local.feed.simulation.network import Network, Point, generate_network


def is_main(point: Point) -> bool:
    return point.ident_8[4:] in ("0001", "0002")


def test_the_full_network_has_the_real_size_and_lanes(network: Network) -> None:
    points = network.points
    assert len(points) == len({point.unieke_id for point in points}) == 4254
    lanes = Counter(point.rijstrook for point in points)
    real = {"R10": 2196, "R11": 1192, "R12": 485, "R09": 117, "R08": 48, "R13": 44, "B09": 35, "S09": 33, "P00": 28}
    for code, number in real.items():
        assert lanes[code] == pytest.approx(number, rel=0.15, abs=15)
    assert sum(map(is_main, points)) == pytest.approx(2679, rel=0.1)


def test_sites_are_cross_sections_of_one_cabinet_with_1_to_7_lanes(network: Network) -> None:
    sites: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for point in network.points:
        if point.kmp_rsys:
            sites[point.ident_8, point.kmp_rsys].append(point)
    assert len(sites) == pytest.approx(2183, rel=0.05)
    for points in sites.values():
        assert len({point.lve_nr for point in points}) == 1
        assert len({point.rijstrook for point in points}) == len(points)
    sizes = Counter(map(len, sites.values()))
    assert min(sizes) == 1
    assert max(sizes) in (6, 7)
    for size, real in {1: 969, 2: 626, 3: 405, 4: 137}.items():
        assert sizes[size] == pytest.approx(real, rel=0.25)
    assert 5 <= sum(not point.kmp_rsys for point in network.points) <= 40


def test_cabinets_mix_directions_and_ramps_like_the_real_ones(network: Network) -> None:
    cabinets: dict[str, list[Point]] = defaultdict(list)
    for point in network.points:
        cabinets[point.lve_nr].append(point)
    assert len(cabinets) == pytest.approx(575, rel=0.2)
    both = sum({"0001", "0002"} <= {point.ident_8[4:] for point in points} for points in cabinets.values())
    ramps = sum(len(set(map(is_main, points))) == 2 for points in cabinets.values())
    assert both / len(cabinets) == pytest.approx(356 / 575, abs=0.1)
    assert ramps / len(cabinets) == pytest.approx(303 / 575, abs=0.15)


def test_points_are_in_flanders_and_kilometres_increase_along_odd_carriageways(network: Network) -> None:
    assert all(2.5 < point.longitude < 5.9 and 50.6 < point.latitude < 51.55 for point in network.points)
    for ident, sites in network.carriageways().items():
        kilometres = [float(site.kmp_rsys.replace(",", ".")) for site in sites]
        assert kilometres == sorted(kilometres, reverse=ident.endswith("2"))


def test_the_seed_determines_the_network(network: Network) -> None:
    assert generate_network(1).configuration() == network.configuration()
    assert generate_network(2).configuration() != network.configuration()


@pytest.mark.parametrize("points", [1, 2, 7, 60, 500, 5000])
def test_a_network_has_exactly_the_requested_number_of_points(points: int) -> None:
    assert len(generate_network(3, points).points) == points


def test_a_small_network_has_neighbouring_sites() -> None:
    carriageways = generate_network(1, 60).carriageways()
    assert max(map(len, carriageways.values())) >= 5


def test_a_network_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one point, not 0"):
        generate_network(1, 0)
