package identifier

import (
	"errors"
	"strings"
	"testing"

	"onedoor/hub"
)

// ENT-05 and the people beside them: the published vectors, and each kind of mistake.
func TestENT05_NumbersOfOtherStates(t *testing.T) {
	t.Parallel()
	for kind, cases := range map[string]map[string]string{ // want "" for refused
		ChineseResident: {
			"11010519491231002X": "11010519491231002X", "11010519491231002x": "11010519491231002X", "440524188001010014": "440524188001010014",
			"33010019900101001X": "33010019900101001X", "440106200102030043": "440106200102030043", " 440106 20010203 0043 ": "440106200102030043",
			"110105194912310021": "", // check
			"110000197002290011": "", // the check is right, the day is not
			"010105194912310020": "", "11010519491231002": "", "11010519491231002XX": "", "X1010519491231002X": "", "１１０１０５１９４９１２３１００２X": "", "": "",
		},
		ChineseCredit: {
			"91350100M000100Y43": "91350100M000100Y43", "91110000600037341L": "91110000600037341L", "9144010100000000AH": "9144010100000000AH",
			"52110000MJ00000016": "52110000MJ00000016", "91350100m000100y43": "91350100M000100Y43", "91350100-M000100Y4-3": "91350100M000100Y43",
			"91350100M000100Y44": "", "91350100M000100Y4": "", "9135010OM000100Y43": "", "9135010IM000100Y43": "", "91350100S000100Y43": "",
			"91350100V000100Y43": "", "91350100Z000100Y43": "", "": "",
		},
		VietnameseCitizen: {
			"001099012345": "001099012345", "079301000001": "079301000001", "001 099 012 345": "001099012345",
			"000099012345": "", "001099000000": "", "00109901234": "", "0010990123456": "", "00109901234A": "", "": "",
		},
		VietnameseEnterprise: {
			"0100233488": "0100233488", "0314409058-002": "0314409058-002", "0314409058002": "0314409058-002", "0100109106": "0100109106",
			"0312345673": "0312345673", "1234567893": "1234567893",
			"0100233480": "", "0100000003": "", "0314409058-000": "", "0314409058-02": "", "031440905": "", "A100233488": "", "": "",
		},
	} {
		for in, want := range cases {
			got, err := Parse(kind, in)
			if got.Value != want || (err == nil) != (want != "") || want != "" && got.Kind != kind {
				t.Errorf("%s %q: %q, %v", kind, in, got.Value, err)
			}
			if err != nil && (!errors.Is(err, hub.Invalid) || len(in) > 3 && strings.Contains(err.Error(), in)) {
				t.Errorf("%s %q: %v", kind, in, err)
			}
		}
	}
}

// Every single wrong digit is found where there is a check digit that promises it.
func TestENT05_OneWrongCharacterIsFound(t *testing.T) {
	t.Parallel()
	for kind, good := range map[string]string{ChineseCredit: "91350100M000100Y43", ChineseResident: "440524188001010014"} {
		for i := range good {
			for _, c := range []byte("0123456789") {
				if c == good[i] {
					continue
				}
				bad := good[:i] + string(c) + good[i+1:]
				if got, err := Parse(kind, bad); err == nil {
					t.Errorf("%s: %s passes as %s", kind, bad, got.Value)
				}
			}
		}
	}
}
