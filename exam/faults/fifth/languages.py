"""Phrasebooks of the fifth set: German announcements, bulletins in four languages, markup, lines of logs."""

from __future__ import annotations

from exam.faults.fifth.phrases import Phrasebook, listed

GERMAN = Phrasebook(
    {
        "ZUG": listed("ICE IC RE RB S-Bahn Nachtzug Railjet Eurocity Sonderzug Ersatzzug Regionalzug Autozug"),
        "ORT": listed(
            "Köln München Nürnberg Zürich Lübeck Göttingen Osnabrück Würzburg Düsseldorf Kassel Fulda "
            "Hamm Bremen Münster Saarbrücken Tübingen Basel Görlitz Ulm Mainz Gießen Lüneburg Stendal "
            "Jena Rügen Salzburg Husum Soest Kiel Mühlhausen Böblingen Göppingen Füssen Plön Döbeln Bünde"
        ),
        "GRUND": listed(
            "Bauarbeiten Signalstörung Oberleitungsschaden Personenunfall Türstörung Böschungsbrand "
            "Überfüllung Schneeglätte Stellwerksausfall Weichenstörung Gewitter Kälte Streik "
            "Notarzteinsatz Überholung Zugkreuzung Hochwasser Gleisabsenkung Bahnübergangsstörung "
            "Entschärfung Wildschäden Böen Räumung"
        ),
        "TUT": listed(
            "verkehrt hält endet beginnt entfällt wartet fährt wendet steht rückt überholt räumt trifft öffnet"
        ),
        "WANN": listed("heute früh später kurz voraussichtlich ausnahmsweise sofort abends täglich künftig mittags"),
        "UHR": [f"{hour:02d}:{minute:02d}" for hour in range(5, 23) for minute in (4, 19, 38, 57)],
        "GLEIS": [str(number) for number in range(1, 22)],
    },
    (
        "Achtung : ZUG nach ORT TUT WANN .",
        "ZUG aus ORT , Ankunft UHR , TUT auf Gleis GLEIS .",
        "Grund ist GRUND bei ORT .",
        "wegen GRUND und GRUND TUT ZUG WANN in ORT .",
        "Reisende nach ORT und ORT nehmen ZUG um UHR .",
        "Bitte Vorsicht an Gleis GLEIS , ZUG TUT !",
    ),
)
SPANISH = Phrasebook(
    {
        "NOM": listed(
            "viento niebla nevada tormenta lluvia oleaje granizo helada aguacero relámpago bochorno "
            "sequía inundación crecida ventisca bruma"
        ),
        "ADJ": listed("débil fuerte intensa rápida húmeda cálida frágil máxima mínima próxima súbita leve común"),
        "LUG": listed("Aragón Málaga Cádiz Cataluña Cantábrico León Ávila Mérida Jaén Logroño Cáceres Huesca Teruel"),
        "HORA": listed("mañana mediodía tarde noche madrugada mañanita atardecer alba"),
    },
    (
        "se espera NOM ADJ en LUG por la HORA .",
        "aviso por NOM en LUG y LUG .",
        "NOM ADJ durante la HORA ;",
        "hacia la HORA remitirá NOM en LUG .",
    ),
)
FRENCH = Phrasebook(
    {
        "NOM": listed(
            "vent brouillard neige orage pluie houle grêle gelée averse éclair chaleur sécheresse "
            "inondation crue tempête brume"
        ),
        "ADJ": listed("faible forte modérée rapide gênante élevée légère extrême prolongée brève étendue isolée"),
        "LIEU": listed("Nîmes Orléans Béziers Besançon Savoie Pyrénées Jura Auvergne Épinal Sète Alès Évreux Mâcon"),
        "HEURE": listed("matinée journée soirée nuit aube après-midi veillée"),
    },
    (
        "NOM ADJ attendue sur LIEU dans la HEURE .",
        "vigilance NOM à LIEU et LIEU .",
        "en HEURE , NOM ADJ ;",
        "fin de l' épisode de NOM vers LIEU .",
    ),
)
CZECH = Phrasebook(
    {
        "JEV": listed(
            "vítr mlha sníh bouřka déšť náledí krupobití mráz přeháňka blesk vedro sucho povodeň příval vánice opar"
        ),
        "JAK": listed("slabý silný mírný rychlý vlhký teplý křehký nejvyšší nejnižší prudký občasný trvalý"),
        "KDE": listed("Plzeň Děčín Třebíč Brno Zlín Kroměříž Jičín Písek Ústí Žďár Náchod Cheb Břeclav"),
        "KDY": listed("ráno dopoledne poledne odpoledne večer noc svítání"),
    },
    ("KDY bude JEV JAK , KDE .", "výstraha JEV : KDE a KDE .", "JEV JAK do KDY ;", "během KDY ustane JEV , KDE ."),
)
POLISH = Phrasebook(
    {
        "CO": listed(
            "wiatr mgła śnieg burza deszcz gołoledź grad mróz ulewa błyskawica upał susza powódź zamieć zamglenie szron"
        ),
        "JAKI": listed("słaby silny umiarkowany szybki wilgotny ciepły kruchy najwyższy najniższy gwałtowny częsty"),
        "GDZIE": listed("Łódź Kraków Gdańsk Toruń Poznań Rzeszów Białystok Wrocław Częstochowa Słupsk Żywiec Elbląg"),
        "KIEDY": listed("rano południe wieczór noc świt popołudnie północ"),
    },
    ("KIEDY będzie CO JAKI , GDZIE .", "ostrzeżenie CO : GDZIE i GDZIE .", "CO JAKI do KIEDY ;", "ustąpi CO , GDZIE ."),
)
MARKUP = Phrasebook(
    {
        "TEXT": listed(
            "home news price cart login order help about terms map team jobs press blog photo video sale "
            "gift size colour stock rate review reply share like post topic thread board rules date hour "
            "venue ticket seat"
        ),
        "CLASS": [f'class="{name}"' for name in listed("nav card grid hero foot list item lead note menu side main")],
        "SIGN": listed("&amp; &nbsp; &lt; &gt; &copy; &mdash; &euro; &raquo; &hellip; &quot; &times; &deg;"),
        "TAG": listed("b i em strong code small mark sub"),
    },
    (
        "<li> <a> TEXT </a> </li>",
        "<div CLASS > TEXT SIGN TEXT </div>",
        "<p> TEXT TEXT SIGN TAG TEXT </p>",
        "<img CLASS /> TEXT",
        "<td> TEXT </td> <td> SIGN TEXT </td>",
        "<h2 CLASS > TEXT TEXT </h2>",
        "<form> <input CLASS /> SIGN </form>",
    ),
)
LINES = Phrasebook(
    {
        "ACT": [f"act={name}" for name in listed("deny allow drop reset alert pass retry login logout scan sync push")],
        "SRC": [f"src=10.{k // 8}.{k % 8}.{7 * k % 250}" for k in range(64)],
        "PORT": [f"dpt={n}" for n in (22, 25, 53, 80, 110, 123, 143, 161, 389, 443, 445, 993, 1433, 3306, 3389, 8080)],
        "PROTO": [f"proto={name}" for name in listed("TCP UDP ICMP GRE ESP SCTP")],
        "RULE": [f"rule={name}-{k}" for name in ("edge", "core", "Lab", "DMZ") for k in range(1, 10)],
        "SEV": [f"sev={k}" for k in range(8)],
        "BYTES": [f"len={2**k + 24}" for k in range(5, 17)],
    },
    (
        "ACT SRC PORT PROTO",
        "ACT SRC RULE BYTES",
        "SEV RULE ACT PORT",
        "SRC PROTO BYTES SEV",
        "ACT RULE SRC PORT BYTES",
    ),
)
