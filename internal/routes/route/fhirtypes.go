package route

import (
	"strings"
	"sync"
)

// Names of the concrete FHIR resource types. They are a part of the grammar of
// a path, so that this package can tell a type from an id; what a type means
// is the business of package catalog. A test holds both against each other.
const (
	commonTypes = `Account AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary Bundle CarePlan
 Claim ClaimResponse ClinicalImpression Communication CommunicationRequest Composition ConceptMap Condition Contract
 Coverage DetectedIssue Device DeviceMetric DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference
 Encounter EnrollmentRequest EnrollmentResponse EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Flag Goal Group
 HealthcareService ImagingStudy Immunization ImmunizationRecommendation ImplementationGuide List Location Media
 Medication MedicationAdministration MedicationDispense MedicationStatement MessageHeader NamingSystem NutritionOrder
 Observation OperationDefinition OperationOutcome Organization Parameters Patient PaymentNotice PaymentReconciliation
 Person Practitioner Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RiskAssessment Schedule
 SearchParameter Slot Specimen StructureDefinition Subscription Substance SupplyDelivery SupplyRequest TestScript
 ValueSet VisionPrescription`
	r4Types = `ActivityDefinition AdverseEvent BiologicallyDerivedProduct BodyStructure CapabilityStatement CareTeam
 CatalogEntry ChargeItem ChargeItemDefinition CodeSystem CompartmentDefinition Consent CoverageEligibilityRequest
 CoverageEligibilityResponse DeviceDefinition DeviceRequest EffectEvidenceSynthesis Endpoint EventDefinition Evidence
 EvidenceVariable ExampleScenario GraphDefinition GuidanceResponse ImmunizationEvaluation InsurancePlan Invoice Library
 Linkage Measure MeasureReport MedicationKnowledge MedicationRequest MedicinalProduct MedicinalProductAuthorization
 MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient MedicinalProductInteraction
 MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical
 MedicinalProductUndesirableEffect MessageDefinition MolecularSequence ObservationDefinition OrganizationAffiliation
 PlanDefinition PractitionerRole RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy
 ResearchSubject RiskEvidenceSynthesis ServiceRequest SpecimenDefinition StructureMap SubstanceNucleicAcid
 SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification Task
 TerminologyCapabilities TestReport VerificationResult`
	dstu2Types = `BodySite Conformance DataElement DeviceComponent DeviceUseRequest DiagnosticOrder EligibilityRequest
 EligibilityResponse ImagingObjectSelection MedicationOrder Order OrderResponse ProcedureRequest ProcessRequest
 ProcessResponse ReferralRequest`
)

const (
	inR4 uint8 = 1 << iota
	inDSTU2
)

var fhirTypes = sync.OnceValue(func() map[string]uint8 {
	types := make(map[string]uint8, 256)
	for _, name := range strings.Fields(commonTypes) {
		types[name] = inR4 | inDSTU2
	}
	for _, name := range strings.Fields(r4Types) {
		types[name] = inR4
	}
	for _, name := range strings.Fields(dstu2Types) {
		types[name] = inDSTU2
	}
	return types
})

// FHIRType tells in which FHIR versions name is a resource type. Names are
// case-sensitive.
func FHIRType(name string) (r4, dstu2 bool) {
	t := fhirTypes()[name]
	return t&inR4 != 0, t&inDSTU2 != 0
}

func isType(name string) bool { return fhirTypes()[name] != 0 }
