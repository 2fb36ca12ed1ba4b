package fromtable

import (
	"strings"
	"sync"
)

// monthNames are the months in the languages of Europe, in a row from January
// to December; a bar is between two forms of one month. The first three
// letters of a name and all longer beginnings count as well, where no other
// month of the language begins so; in the languages with a + at least four.
var monthNames = []string{
	"January February March April May June July August September|Sept October November December",
	"Januar|Jänner|Jaenner Februar|Feber März|Maerz|Mrz April Mai Juni|Juno Juli August September Oktober November Dezember",
	"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
	"enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre",
	"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
	"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
	"januari februari maart|mrt april mei juni juli augustus september oktober november december",
	"styczeń|stycznia luty|lutego marzec|marca kwiecień|kwietnia maj|maja czerwiec|czerwca lipiec|lipca sierpień|sierpnia wrzesień|września październik|października listopad|listopada grudzień|grudnia",
	"leden|ledna únor|února březen|března duben|dubna květen|května červen|června červenec|července srpen|srpna září říjen|října listopad|listopadu prosinec|prosince",
	"január|januára február|februára marec|marca apríl|apríla máj|mája jún|júna júl|júla august|augusta september|septembra október|októbra november|novembra december|decembra",
	"januar|januarja februar|februarja marec|marca april|aprila maj|maja junij|junija julij|julija avgust|avgusta september|septembra oktober|oktobra november|novembra december|decembra",
	"siječanj|siječnja veljača|veljače ožujak|ožujka travanj|travnja svibanj|svibnja lipanj|lipnja srpanj|srpnja kolovoz|kolovoza rujan|rujna listopad|listopada studeni|studenoga prosinac|prosinca",
	"január február március április május június július augusztus szeptember október november december",
	"ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
	"януари февруари март април май юни юли август септември октомври ноември декември",
	"Ιανουάριος|Ιανουαρίου Φεβρουάριος|Φεβρουαρίου Μάρτιος|Μαρτίου Απρίλιος|Απριλίου Μάιος|Μαΐου Ιούνιος|Ιουνίου Ιούλιος|Ιουλίου Αύγουστος|Αυγούστου Σεπτέμβριος|Σεπτεμβρίου Οκτώβριος|Οκτωβρίου Νοέμβριος|Νοεμβρίου Δεκέμβριος|Δεκεμβρίου",
	"januari februari mars april maj juni juli augusti september oktober november december",
	"januar februar marts april maj juni juli august september oktober november december",
	"januar februar mars april mai juni juli august september oktober november desember",
	"+ tammikuu|tammikuuta helmikuu|helmikuuta maaliskuu|maaliskuuta huhtikuu|huhtikuuta toukokuu|toukokuuta kesäkuu|kesäkuuta heinäkuu|heinäkuuta elokuu|elokuuta syyskuu|syyskuuta lokakuu|lokakuuta marraskuu|marraskuuta joulukuu|joulukuuta",
	"jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
	"janvāris|janvārī februāris|februārī marts|martā aprīlis|aprīlī maijs|maijā jūnijs|jūnijā jūlijs|jūlijā augusts|augustā septembris|septembrī oktobris|oktobrī novembris|novembrī decembris|decembrī",
	"sausis|sausio vasaris|vasario kovas|kovo balandis|balandžio gegužė|gegužės birželis|birželio liepa|liepos rugpjūtis|rugpjūčio rugsėjis|rugsėjo spalis|spalio lapkritis|lapkričio gruodis|gruodžio",
	"+ Eanáir Feabhra Márta Aibreán Bealtaine Meitheamh Iúil Lúnasa Meánfómhair Deireadhfómhair Samhain Nollaig",
	"Jannar Frar Marzu April Mejju Ġunju Lulju Awwissu Settembru Ottubru Novembru Diċembru",
}

// languages is a set of rows of monthNames.
type languages uint32

const anyLanguage = languages(1)<<25 - 1

// A monthWord is a word that begins the names of a month: in which languages
// it means which.
type monthWord struct {
	months [12]languages
}

// in is the month that the word means in those languages, 0 where it means
// none or several.
func (w *monthWord) in(ls languages) (month int, several bool) {
	for i, m := range w.months {
		if m&ls == 0 {
			continue
		}
		if month != 0 {
			return 0, true
		}
		month = i + 1
	}
	return month, false
}

// languages are those in which the word is a month.
func (w *monthWord) languages() (ls languages) {
	for _, m := range w.months {
		ls |= m
	}
	return ls
}

// monthWords has every beginning of a name that a table may hold, folded.
var monthWords = sync.OnceValue(func() map[string]*monthWord {
	words := map[string]*monthWord{}
	for l, row := range monthNames {
		least := 3
		if rest, ok := strings.CutPrefix(row, "+ "); ok {
			row, least = rest, 4
		}
		begins := map[string]int{} // to month, 0 where several begin so
		whole := map[string]int{}
		for i, forms := range strings.Fields(row) {
			for form := range strings.SplitSeq(forms, "|") {
				name := []rune(fold(form))
				whole[string(name)] = i + 1
				for n := least; n < len(name); n++ {
					b := string(name[:n])
					if other, ok := begins[b]; ok && other != i+1 {
						begins[b] = 0
					} else {
						begins[b] = i + 1
					}
				}
			}
		}
		// A whole name counts even where a longer one begins with it.
		for n, m := range whole {
			begins[n] = m
		}
		for b, m := range begins {
			if m == 0 {
				continue
			}
			if words[b] == nil {
				words[b] = &monthWord{}
			}
			words[b].months[m-1] |= 1 << l
		}
	}
	return words
})

// weekWords, quarterWords and monthMarks say what the number beside them is;
// fillers say nothing. All are folded.
var (
	weekWords = set("w kw wk week weeks woche kalenderwoche semaine sem semana settimana uge uke vecka v viikko vk tydzien tydz tyden tyzden teden tjedan het" +
		" saptamana седмица εβδομαδα nadal nedela savaite isoweek")
	quarterWords = set("q quarter qtr quartal quart trimestre trim t kwartaal kwartal k ctvrtleti stvrtrok cetrtletje kvartal tromjesecje negyedev trimestrul тримесечие τριμηνο" +
		" neljannes kvartaali kvartals ketvirtis ketv")
	monthMarks = set("m month monat mois mes mese maand miesiac mesic mesiac mesec mjesec manad maned maneno")
	fillers    = set("de del di do da of the st nd rd th er re e a roku r г o den la le il")
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[fold(w)] = true
	}
	return m
}
