"""Render the report page of a comparison as one self-contained HTML file."""

from glue_local import prices
from glue_local.compare import price_plot
from glue_local.compare.cost import ASSUMPTIONS, lines, total
from glue_local.compare.figures import Figures
from glue_local.demo import timeline
from glue_local.demo.pages import render_page


def render(found: Figures) -> str:
    """Return the page as HTML."""
    cheaper, dearer = sorted(found.workflows, key=total)
    return render_page(
        "glue_local.compare",
        "compare.html.j2",
        found=found,
        cheaper=cheaper.workflow.title,
        dearer=dearer.workflow.title,
        ratio=total(dearer) / total(cheaper),
        rows=sum(table.rows for table in found.rows),
        services=list(zip(*(lines(each) for each in found.workflows), strict=True)),
        plot=price_plot.draw(found.workflows),
        timelines=[(each.workflow, timeline.draw(each.spans)) for each in found.workflows],
        listed=_listed(found),
        region=prices.REGION,
        as_of=prices.AS_OF,
        assumptions=(*found.notes, *ASSUMPTIONS),
    )


def _listed(found: Figures) -> list[prices.Price]:
    """Return the list prices that the estimate uses."""
    rates = dict.fromkeys(run.rate for workflow in found.workflows for run in workflow.runs)
    others = (prices.ATHENA_TERABYTE, prices.S3_THOUSAND_PUTS, prices.S3_THOUSAND_GETS)
    return [*rates, *others, prices.STATES_THOUSAND_TRANSITIONS]
